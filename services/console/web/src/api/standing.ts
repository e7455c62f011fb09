// What answers say about themselves in their headers: a simulated clock, a service that catches up, copies that differ; and
// why what is on the page could not be read anew, or nobody was signed out.
import { reactive } from "vue";
import type { Refusal } from "@/api/refusal";

interface Standing {
  clock: string;
  provisional: boolean;
  integrity: boolean;
  outdated: Refusal | null;
  stillSignedIn: Refusal | null;
}

export const standing = reactive<Standing>({
  clock: "",
  provisional: false,
  integrity: false,
  outdated: null,
  stillSignedIn: null,
});

const saying = { provisional: new Set<string>(), integrity: new Set<string>() };

/** `path`: of the request, which begins with the service that answered. */
export function heard(path: string, headers: Headers): void {
  const service = path.split("/")[1] ?? "";
  standing.clock = headers.get("Lika-Clock")?.match(/now=(\S+)/)?.[1] ?? standing.clock;
  standing.provisional = said(saying.provisional, service, headers.has("Lika-Provisional"));
  standing.integrity = said(saying.integrity, service, headers.has("Lika-Integrity"));
}

/** Whether any service says so, after one of them spoke. */
function said(services: Set<string>, service: string, says: boolean): boolean {
  if (says) services.add(service);
  else services.delete(service);
  return services.size > 0;
}
