import { answered, registry } from "@/api/ask";
import { useRead } from "@/api/read";

/** Last values, and what all services owe the household. */
export function useVisitSheet(id: () => string) {
  return useRead(
    () => ["visit sheet", id()],
    () => answered(registry.GET("/households/{household_id}/visit-sheet", { params: { path: { household_id: id() } } })),
  );
}
