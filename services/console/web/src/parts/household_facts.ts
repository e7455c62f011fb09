// What is on record of a household: by the id of its newest fact a command says what it was decided on.
import { answered, registry } from "@/api/ask";
import type { components } from "@/api/generated/registry";
import { useRead } from "@/api/read";

export type HouseholdFact = components["schemas"]["FactListItemAnswer"];

/** Oldest first. */
export const factsOf = (household: string): Promise<HouseholdFact[]> =>
  answered(registry.GET("/households/{household_id}/facts", { params: { path: { household_id: household } } }));

/** Of the household that a command's path is about; none of another's. */
export const householdIn = (path: string): string => /^\/registry\/households\/([0-9a-f-]{36})\//.exec(path)?.[1] ?? "";

export const useHouseholdFacts = (household: () => string, enabled: () => boolean = () => true) =>
  useRead(() => ["household", household(), "facts"], () => factsOf(household()), () => household() !== "" && enabled());

const version = (id: string): number => Number(id.slice(id.lastIndexOf("/") + 1));

/** Those that were recorded after the fact of this id. */
export const newerThan = (facts: readonly HouseholdFact[], id: string): HouseholdFact[] =>
  facts.filter((fact) => version(fact.id) > version(id));
