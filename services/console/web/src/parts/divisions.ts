// Divisions in the caller's area, by code.
import { computed } from "vue";
import { answered, registry } from "@/api/ask";
import { PAGE, pagesOf } from "@/api/pages";
import { useRead } from "@/api/read";
import type { components } from "@/api/generated/registry";

export type Division = components["schemas"]["DivisionAnswer"];

const MOST = 2_000;

/** The first thousands of them; who acts for a county or below sees all. */
export function useDivisions(enabled: () => boolean = () => true) {
  const { data: read } = useRead(
    () => ["divisions"],
    () => pagesOf((cursor) => answered(registry.GET("/divisions", { params: { query: { limit: PAGE, ...(cursor !== undefined && { cursor }) } } })), MOST),
    enabled,
  );
  return { data: computed(() => read.value?.items), isCut: computed(() => read.value?.next != null) };
}

/** Whether it is written as the code of a division, of whatever level. */
export const isCode = (text: string): boolean => /^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/.test(text);

/** "样例县 样例乡 青山村": a division with those above it, as far as they are known. */
export function fullName(code: string, divisions: readonly Division[]): string {
  return divisions
    .filter((each) => code.startsWith(each.code))
    .sort((one, other) => one.code.length - other.code.length)
    .map((each) => each.name)
    .join(" ");
}
