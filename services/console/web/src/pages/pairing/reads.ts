import { answered, assistance } from "@/api/ask";
import { PAGE, pagesOf } from "@/api/pages";
import { useRead } from "@/api/read";

export interface Asked {
  readonly division: string;
  readonly helper: string;
  readonly former: boolean;
}

const from = (cursor: string | undefined) => ({ limit: PAGE, ...(cursor !== undefined && { cursor }) });

/** Helpers with whom each helps. */
export function useHelpers(division: () => string, most: () => number) {
  return useRead(
    () => ["helpers", division(), most()],
    () =>
      pagesOf((cursor) => {
        const query = { ...from(cursor), ...(division() && { division: division() }) };
        return answered(assistance.GET("/helpers", { params: { query } }));
      }, most()),
  );
}

/** Households with their helpers. */
export function usePairings(asked: () => Asked, most: () => number) {
  return useRead(
    () => ["pairings", asked(), most()],
    () =>
      pagesOf((cursor) => {
        const { division, helper, former } = asked();
        const query = { ...from(cursor), current: !former, ...(division && { division }), ...(helper && { helper }) };
        return answered(assistance.GET("/pairings", { params: { query } }));
      }, most()),
  );
}
