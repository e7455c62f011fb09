// Divisions by their names, for lists that say where by code.
import { computed } from "vue";
import { answered, registry } from "@/api/ask";
import { PAGE } from "@/api/pages";
import { useRead } from "@/api/read";
import { hat } from "@/api/session";

const LENGTHS = [2, 4, 6, 9, 12];

/** Of these codes: "样例乡 青山村", as far below the reader's own area as it lies; the code itself until it is known. */
export function usePlaceNames(codes: () => readonly string[]) {
  const own = computed(() => hat.value?.division ?? "");
  const asked = computed(() => [...new Set(codes().flatMap((code) => shown(code, own.value)))].sort());
  const { data } = useRead(
    () => ["place names", ...asked.value],
    async () => {
      const parts = Array.from({ length: Math.ceil(asked.value.length / PAGE) }, (_, at) => asked.value.slice(at * PAGE, (at + 1) * PAGE));
      const found = await Promise.all(
        parts.map((code) => answered(registry.GET("/divisions", { params: { query: { code, limit: PAGE } } }))),
      );
      return new Map(found.flatMap((each) => each.items).map((each) => [each.code, each.name]));
    },
    () => asked.value.length > 0,
  );
  return (code: string): string =>
    shown(code, own.value)
      .map((each) => data.value?.get(each))
      .filter((name) => name !== undefined)
      .join(" ") || code;
}

/** The divisions by which somebody of an area tells where it is: those below their own, and the last two at most. */
function shown(code: string, own: string): string[] {
  const parts = LENGTHS.filter((length) => length <= code.length).map((length) => code.slice(0, length));
  const below = parts.filter((each) => each.length > own.length || each === code);
  return below.slice(-2);
}
