// What is open about households: a reading of personal data is for something, and names it.
import { answered, registry } from "@/api/ask";
import type { components } from "@/api/generated/registry";
import { PAGE, pagesOf } from "@/api/pages";
import { factsOf } from "@/parts/household_facts";
import type { Pair } from "@/words/say";
import { words } from "@/words/disclosure";

type MatterForm = components["schemas"]["MatterForm"];
export interface Matter extends MatterForm {
  household: string;
  why: Pair;
  day: string;
}

export interface Open {
  matters: Matter[];
  /** Whether more is open in the area than was looked through. */
  cut: boolean;
}

const MOST = 2000;

/** Newest kinds first: cases, findings, and of a single household its latest entry. `division`: under which all of them are. */
export async function openMatters(households: readonly string[], division: string): Promise<Open> {
  const wanted = new Set(households);
  const [single] = households;
  const subject = households.length === 1 && single !== undefined ? { subject: single } : {};
  const query = { division, limit: PAGE, ...subject };
  const [cases, findings, facts] = await Promise.all([
    pagesOf((cursor) => answered(registry.GET("/cases", { params: { query: { ...query, open: true, ...(cursor !== undefined && { cursor }) } } })), MOST),
    pagesOf(
      (cursor) => answered(registry.GET("/findings", { params: { query: { ...query, state: "open", ...(cursor !== undefined && { cursor }) } } })),
      MOST,
    ),
    single === undefined || households.length > 1
      ? []
      : factsOf(single),
  ]);
  const latest = facts.at(-1);
  const found: Matter[] = [
    ...cases.items.map((each) => matter("case", each.case_id, each.household_id ?? each.subject, words.case, each.opened_on)),
    ...findings.items.map((each) =>
      matter("finding", each.finding_id, each.household_id ?? each.subject, words.finding, each.raised_on),
    ),
    ...(latest && single !== undefined ? [matter("entry", latest.act, single, words.entry, latest.effective_on)] : []),
  ];
  return { matters: found.filter((each) => wanted.has(each.household)), cut: cases.next !== null || findings.next !== null };
}

function matter(kind: MatterForm["kind"], id: string, household: string, why: Pair, day: string): Matter {
  return { kind, id, household, why, day };
}
