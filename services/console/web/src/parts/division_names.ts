// Names of divisions, read once: lists show where something is by name, and by code where the name is not known.
import { answered, registry } from "@/api/ask";
import { useRead } from "@/api/read";

const MOST = 200;

/** Names of the first divisions of the reader's area; a code says the same where there are more. */
export function useDivisionNames(): (code: string) => string {
  const { data } = useRead(
    () => ["division names"],
    async () => {
      const page = await answered(registry.GET("/divisions", { params: { query: { limit: MOST } } }));
      return new Map(page.items.map(({ code, name }) => [code, name]));
    },
  );
  return (code) => data.value?.get(code) ?? code;
}
