// Files that the services give out: kept in memory until they are saved.
import { noConnection } from "@/api/refusal";

export const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** The name that the service gave a file (RFC 6266). */
export function fileName(response: Response, otherwise: string): string {
  const said = response.headers.get("Content-Disposition") ?? "";
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(said)?.[1];
  return extended === undefined ? (/filename="([^"]+)"/.exec(said)?.[1] ?? otherwise) : decodeURIComponent(extended);
}

/** Has the browser save an answer's file. Throws `Refusal` where it breaks off on its way. */
export async function save(response: Response, otherwise: string): Promise<string> {
  const content = await response.blob().catch(() => {
    throw noConnection();
  });
  const name = fileName(response, otherwise);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has taken the address by then; without this the file stays in memory as long as the page.
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 60_000);
  return name;
}
