import { answered, registry } from "@/api/ask";
import { useRead } from "@/api/read";

/** All that the register holds of a household, of a day as known on another; today and now where they are empty. */
export function useDossier(id: () => string, asOf: () => string, knownAt: () => string) {
  return useRead(
    () => ["dossier", id(), asOf(), knownAt()],
    () => {
      const query = { ...(asOf() && { as_of: asOf() }), ...(knownAt() && { known_at: knownAt() }) };
      return answered(registry.GET("/households/{household_id}/dossier", { params: { path: { household_id: id() }, query } }));
    },
  );
}
