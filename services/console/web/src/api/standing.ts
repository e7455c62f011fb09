// What answers say about themselves in their headers: a simulated clock, a service that catches up, copies that differ.
import { reactive } from "vue";

export const standing = reactive({ clock: "", provisional: "", integrity: "" });

export function heard(headers: Headers): void {
  standing.clock = headers.get("Lika-Clock")?.match(/now=(\S+)/)?.[1] ?? "";
  standing.provisional = headers.get("Lika-Provisional") ?? "";
  standing.integrity = headers.get("Lika-Integrity") ?? standing.integrity;
}
