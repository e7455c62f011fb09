import { content, send } from "@/api/ask";
import type { Asked, Page } from "@/parts/list/asked_list";
import type { ReadForm, Row } from "@/parts/reads_published";

export interface Answer extends Page<Row> {
  /** Of one record; `null` in a list. */
  record: Row | null;
}

/** What stands at a path, whatever its shape. */
export async function readWhole(form: ReadForm, path: string, asked: Asked): Promise<Answer> {
  const query = new URLSearchParams(asked).toString();
  const found = await content<unknown>(await send("GET", query ? `${path}?${query}` : path));
  if (form.shape === "record") return { items: [], next: null, record: found as Row };
  if (form.shape === "several") return { items: found as Row[], next: null, record: null };
  const page = found as Page<Row>;
  return { items: page.items, next: page.next ?? null, record: null };
}

/** Filters that must be said and are not. */
export const unsaid = (form: ReadForm, asked: Asked): boolean => form.filters.some((field) => field.required && !asked[field.name]);
