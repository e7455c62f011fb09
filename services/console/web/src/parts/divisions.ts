// Divisions in the caller's area, by code.
import { answered, registry } from "@/api/ask";
import { useRead } from "@/api/read";
import type { components } from "@/api/generated/registry";

export type Division = components["schemas"]["DivisionAnswer"];

const PAGES = 10;

/** The first thousands of them; who acts for a county or below sees all. */
export function useDivisions() {
  return useRead(
    () => ["divisions"],
    async () => {
      const found: Division[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < PAGES; page++) {
        const answer = await answered(registry.GET("/divisions", { params: { query: { limit: 200, ...(cursor ? { cursor } : {}) } } }));
        found.push(...answer.items);
        if (!answer.next) break;
        cursor = answer.next;
      }
      return found;
    },
  );
}

/** "样例县 样例乡 青山村": a division with those above it, as far as they are known. */
export function fullName(code: string, divisions: readonly Division[]): string {
  return divisions
    .filter((each) => code.startsWith(each.code))
    .sort((one, other) => one.code.length - other.code.length)
    .map((each) => each.name)
    .join(" ");
}
