import { answered, assistance } from "@/api/ask";
import { PAGE, pagesOf } from "@/api/pages";
import { useRead } from "@/api/read";

const query = (division: string, cursor: string | undefined) => ({
  limit: PAGE, ...(division && { division }), ...(cursor !== undefined && { cursor }),
});

/** Pupils with the reasons for or against. */
export function useEligibility(division: () => string, only: () => "all" | "to_apply", most: () => number) {
  return useRead(
    () => ["aid eligibility", division(), only(), most()],
    () =>
      pagesOf((cursor) => answered(assistance.GET("/eligibility", { params: { query: { ...query(division(), cursor), programme: "education_aid", only: only() } } })), most()),
  );
}

export function useEntitlements(division: () => string, most: () => number) {
  return useRead(
    () => ["aid entitlements", division(), most()],
    () => pagesOf((cursor) => answered(assistance.GET("/entitlements", { params: { query: { ...query(division(), cursor), programme: "education_aid" } } })), most()),
  );
}
