import { answered, assistance } from "@/api/ask";
import { PAGE, pagesOf } from "@/api/pages";
import { useRead } from "@/api/read";

export interface Asked {
  readonly division: string;
  readonly helper: string;
  readonly former: boolean;
}

/** The kind of pair of a household and its helper. */
const KIND = "pairing_helper";

const from = (cursor: string | undefined) => ({ kind: KIND, limit: PAGE, ...(cursor !== undefined && { cursor }) });

/** Helpers with whom each helps. */
export function useHelpers(division: () => string, most: () => number) {
  return useRead(
    () => ["helpers", division(), most()],
    () =>
      pagesOf((cursor) => {
        const query = { ...from(cursor), ...(division() && { division: division() }) };
        return answered(assistance.GET("/pair-loads", { params: { query } }));
      }, most()),
  );
}

/** Households with their helpers. */
export function usePairs(asked: () => Asked, most: () => number) {
  return useRead(
    () => ["pairs", asked(), most()],
    () =>
      pagesOf((cursor) => {
        const { division, helper, former } = asked();
        const query = { ...from(cursor), current: !former, ...(division && { division }), ...(helper && { helper }) };
        return answered(assistance.GET("/pairs", { params: { query } }));
      }, most()),
  );
}
