// What answers say about themselves in their headers: a simulated clock, a service that catches up, copies that differ; and
// why what is on the page could not be read anew.
import { reactive } from "vue";
import type { Refusal } from "@/api/refusal";

interface Standing {
  clock: string;
  provisional: string;
  integrity: string;
  outdated: Refusal | null;
}

export const standing = reactive<Standing>({ clock: "", provisional: "", integrity: "", outdated: null });

export function heard(headers: Headers): void {
  standing.clock = headers.get("Lika-Clock")?.match(/now=(\S+)/)?.[1] ?? "";
  standing.provisional = headers.get("Lika-Provisional") ?? "";
  standing.integrity = headers.get("Lika-Integrity") ?? standing.integrity;
}
