// A household or a person, looked up in the register by the number that people have.
import { answered, registry } from "@/api/ask";
import type { components } from "@/api/generated/registry";
import { Refusal } from "@/api/refusal";
import { codeLabel } from "@/words/labels";
import { words } from "@/parts/form/words";
import { filled, type Pair } from "@/words/say";

export interface Found extends Pair {
  readonly id: string;
}
export const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

const NOT_FOUND = 404;

/** `null`: there is none in the caller's area. Throws `Refusal`. */
export async function lookUp(refers: string, typed: string): Promise<Found | null> {
  const number = typed.trim();
  const found = refers === "person" ? null : await household(number);
  return found ?? (refers === "household" ? null : person(number));
}

async function household(number: string): Promise<Found | null> {
  const { items } = await answered(registry.GET("/households", { params: { query: { national_no: number, limit: 2 } } }));
  const [one] = items;
  return one === undefined || items.length > 1 ? null : { id: one.household_id, ...filled(words.foundHousehold, { count: one.persons }) };
}

/** A person's number begins with that of the household that first had it. */
async function person(number: string): Promise<Found | null> {
  const whose = await household(number.slice(0, Math.max(0, number.lastIndexOf("-"))));
  if (whose === null) return null;
  const member = (await read(whose.id))?.members.find((each) => each.national_no === number);
  if (member === undefined) return null;
  const { zh, en } = codeLabel("Relation", member.relation);
  return { id: member.person_id, zh: `${zh} ${member.name}`, en: `${en} ${member.name}` };
}

/** The household of this id with its number, "" where it has none; `null` where there is none of the caller's. One that is on
 * record no more stands in no list, and is read by itself. */
export async function householdOf(id: string): Promise<{ number: string } | null> {
  const found = (await together(id)).find((each) => each.household_id === id) ?? (await read(id));
  return found && { number: found.national_no ?? "" };
}

/** The number of what may be a household; `null` of a person, for whom nothing is asked twice. */
export const listedNumber = async (id: string): Promise<string | null> =>
  (await together(id)).find((each) => each.household_id === id)?.national_no ?? null;

/** As many as an address may name. */
const AT_ONCE = 100;
type Listed = components["schemas"]["HouseholdListItemAnswer"];
let waiting: { ids: Set<string>; listed: Promise<Listed[]> } | null = null;

/** Those that the rows of a page ask for at the same moment are one request. */
function together(id: string): Promise<Listed[]> {
  if (waiting === null || waiting.ids.size === AT_ONCE) {
    const ids = new Set<string>();
    waiting = { ids, listed: new Promise((settle) => setTimeout(() => settle(list(ids)))) };
  }
  waiting.ids.add(id);
  return waiting.listed;
}

async function list(ids: Set<string>): Promise<Listed[]> {
  if (waiting?.ids === ids) waiting = null;
  const query = { household_id: [...ids], limit: AT_ONCE };
  return (await answered(registry.GET("/households", { params: { query } }))).items;
}

async function read(id: string) {
  const params = { path: { household_id: id } };
  return answered(registry.GET("/households/{household_id}", { params })).catch((error: unknown) => {
    if (error instanceof Refusal && error.problem.status === NOT_FOUND) return null;
    throw error;
  });
}
