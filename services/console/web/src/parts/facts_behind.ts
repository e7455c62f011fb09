// What is on record of what a command is about: by the id of the newest fact there it says what it was decided on.
import { answered, content, registry, send } from "@/api/ask";
import type { components } from "@/api/generated/registry";
import { useRead } from "@/api/read";
import { Refusal } from "@/api/refusal";

type Schemas = components["schemas"];

/** `at`: where it is shown. */
export interface FactBehind {
  readonly id: string;
  readonly type: string;
  readonly on: string;
  readonly at: string;
}

/** Paths that facts stand behind. */
const HOUSEHOLD = /^\/registry\/households\/([0-9a-f-]{36})(?:\/|$)/;
const CASE = /^\/(\w+)\/cases\/([0-9a-f-]{36})\//;

/** Of what a command is about: the household or case that its path names, or the household that a case is opened about; "" of
 * anything else. */
export function behind(path: string, settled: Readonly<Record<string, unknown>> = {}): string {
  const found = HOUSEHOLD.exec(path)?.[0] ?? CASE.exec(path)?.[0];
  if (found !== undefined) return found.replace(/\/$/, "");
  const subject = settled["subject"];
  return path === "/registry/cases" && typeof subject === "string" ? `/registry/households/${subject}` : "";
}

/** The household that a path is about; "" of none. */
export const householdIn = (path: string): string => HOUSEHOLD.exec(path)?.[1] ?? "";

/** Oldest first; none of a subject that is no household, or is not the caller's to read. */
async function factsAt(place: string): Promise<FactBehind[]> {
  const household = HOUSEHOLD.exec(place)?.[1];
  if (household === undefined) {
    const steps = await content<Schemas["StepsAnswer"]>(await send("GET", `${place}/steps`));
    return steps.history.map((fact) => ({ id: fact.id, type: fact.type, on: fact.on, at: place.replace(/^\/(\w+)\/cases/, "/cases/$1") }));
  }
  const params = { path: { household_id: household } };
  const facts = await answered(registry.GET("/households/{household_id}/facts", { params })).catch(noneWhereNotFound);
  return facts.map((fact) => ({ id: fact.id, type: fact.type, on: fact.effective_on, at: `/households/${household}#${fact.id}` }));
}

function noneWhereNotFound(error: unknown): [] {
  if (error instanceof Refusal && error.problem.status === 404) return [];
  throw error;
}

export const useFactsBehind = (place: () => string) => useRead(() => ["facts behind", place()], () => factsAt(place()), () => place() !== "");

const version = (id: string): number => Number(id.slice(id.lastIndexOf("/") + 1));

/** Those that were recorded after the fact of this id. */
export const newerThan = (facts: readonly FactBehind[], id: string): FactBehind[] =>
  facts.filter((fact) => version(fact.id) > version(id));
