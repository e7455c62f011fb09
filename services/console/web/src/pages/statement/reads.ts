import { answered, audit } from "@/api/ask";
import { PAGE, pagesOf, type Listed } from "@/api/pages";
import { useRead } from "@/api/read";
import { isStock, stockDay, type Cell, type RevisedRow, type Row } from "@/pages/statement/columns";
import type { components } from "@/api/generated/audit";

export interface Asked {
  readonly division: string;
  readonly from: number;
  readonly to: number;
  readonly knownAt: string;
  readonly comparedWith: string;
}
type Stated = Omit<components["schemas"]["StatementAnswer"], "rows" | "asserted_openings"> & { rows: Row[]; revised: RevisedRow[] | null };
export type Revision = components["schemas"]["RevisionAnswer"];

/** A household behind a figure. `fact`: what moved it; of a stock there is none. */
export interface Behind {
  readonly household: string;
  readonly national_no: string | null;
  readonly division: string;
  readonly households: number;
  readonly persons: number;
  readonly on: string;
  readonly counterpart: string | null;
  readonly fact: string;
}

const scope = (asked: Asked) => ({
  ...(asked.division && { division: asked.division }),
  ...(asked.knownAt && { known_at: asked.knownAt }),
});

/** The statement, and where another knowledge day is compared with, both and their difference: of one answer. */
export function useStatement(asked: () => Asked) {
  return useRead(
    () => ["statement", asked()],
    async (): Promise<Stated> => {
      const { from, to, comparedWith } = asked();
      if (comparedWith === "") {
        const query = { from, to, ...scope(asked()) };
        return { ...(await answered(audit.GET("/statements", { params: { query } }))), revised: null };
      }
      const query = { from, to, compared_with: comparedWith, ...scope(asked()) };
      const revised = await answered(audit.GET("/statements/revisions", { params: { query } }));
      return { ...revised, rows: revised.rows.map((row) => row.later), revised: revised.rows };
    },
  );
}

/** The households behind a figure, as known when the figure is. */
export function useBehind(asked: () => Asked, cell: () => Cell, most: () => number) {
  return useRead(
    () => ["behind", asked(), cell(), most()],
    (): Promise<Listed<Behind>> => pagesOf((cursor) => behind(asked(), cell(), cursor), most()),
  );
}

async function behind(asked: Asked, cell: Cell, cursor: string | undefined) {
  const page = { ...scope(asked), limit: PAGE, ...(cursor !== undefined && { cursor }) };
  const { period, column } = cell;
  if (isStock(column)) {
    const found = await answered(audit.GET("/stock", { params: { query: { ...page, as_of: stockDay(cell) } } }));
    const items: Behind[] = found.items.map((row) => ({ ...row, households: 1, on: row.since, counterpart: null, fact: "" }));
    return { items, next: found.next ?? null };
  }
  const query = { ...page, period: Number(period), column };
  const found = await answered(audit.GET("/movements", { params: { query } }));
  const items: Behind[] = found.items.map((row) => ({ ...row, on: row.effective_on }));
  return { items, next: found.next ?? null };
}

/** The households by which a figure differs, and what was learned of each. */
export function useWhy(asked: () => Asked, cell: () => Cell, most: () => number) {
  return useRead(
    () => ["why", asked(), cell(), most()],
    (): Promise<Listed<Revision>> =>
      pagesOf((cursor) => {
        const { period, column } = cell();
        const query = {
          ...scope(asked()), period: Number(period), column, compared_with: asked().comparedWith, limit: PAGE,
          ...(cursor !== undefined && { cursor }),
        };
        return answered(audit.GET("/revisions", { params: { query } }));
      }, most()),
  );
}

/** The household on the day that the figure counts, as known then. */
export function householdLink(household: string, asOf: string, knownAt: string, compare = "") {
  return { path: `/households/${household}`, query: { as_of: asOf, ...(knownAt && { known_at: knownAt }), ...(compare && { compare }) } };
}
