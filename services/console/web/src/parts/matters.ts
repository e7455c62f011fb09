// What is open about households: a reading of personal data is for something, and names it. Which matters count, the register says.
import { answered, registry } from "@/api/ask";
import type { components } from "@/api/generated/registry";

export type Matter = components["schemas"]["OpenMatterAnswer"];

export const openMatters = (households: readonly string[]): Promise<Matter[]> =>
  answered(registry.GET("/disclosures/matters", { params: { query: { household_id: [...households] } } }));
