// What is open about households: a reading of personal data is for something, and names it. Which matters count, the register says.
import { answered, registry } from "@/api/ask";
import type { components } from "@/api/generated/registry";

export type Matter = components["schemas"]["OpenMatterAnswer"];

/** A request's address holds no more; a page of a list does. */
const AT_ONCE = 100;

export async function openMatters(households: readonly string[]): Promise<Matter[]> {
  const parts = Array.from({ length: Math.ceil(households.length / AT_ONCE) }, (_, at) => households.slice(at * AT_ONCE, (at + 1) * AT_ONCE));
  const read = (household_id: string[]) => answered(registry.GET("/disclosures/matters", { params: { query: { household_id } } }));
  return (await Promise.all(parts.map(read))).flat();
}
