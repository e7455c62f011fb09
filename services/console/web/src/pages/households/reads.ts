import { answered, registry } from "@/api/ask";
import { useRead } from "@/api/read";
import type { components, operations } from "@/api/generated/registry";
import { usePages, type Asked } from "@/parts/list/asked_list";

export type Row = components["schemas"]["HouseholdListItemAnswer"];
export type Figures = components["schemas"]["FiguresAnswer"];
type Listed = NonNullable<operations["list_households"]["parameters"]["query"]>;
type Totalled = NonNullable<operations["read_totals"]["parameters"]["query"]>;

/** What stands in the address goes to the service as it is: it says what it does not know. */
export const useHouseholds = (asked: () => Asked) =>
  usePages<Row>(() => "households", asked, (query) => answered(registry.GET("/households", { params: { query: query as Listed } })));

/** Of the same place and days as the list; its other filters do not narrow them. */
export function useTotals(asked: () => Asked) {
  const placed = () => Object.fromEntries(Object.entries(asked()).filter(([name]) => ["division", "as_of", "known_at"].includes(name)));
  return useRead(
    () => ["totals", placed()],
    async () => {
      const query = placed() as Totalled;
      const [all, stock] = await Promise.all([
        answered(registry.GET("/totals", { params: { query } })),
        answered(registry.GET("/category-totals", { params: { query } })),
      ]);
      return { all, stock };
    },
  );
}

/** Open cases of a village, for a search that opens values for one of them. */
export const useOpenCases = (village: () => string) =>
  useRead(
    () => ["open cases", village()],
    async () => {
      const query = { division: village(), open: true, limit: 200 };
      return (await answered(registry.GET("/cases", { params: { query } }))).items;
    },
    () => /^[0-9]{12}$/.test(village()),
  );
