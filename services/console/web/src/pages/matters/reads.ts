import { answered, registry } from "@/api/ask";
import { useReadOn } from "@/api/read_on";
import type { components } from "@/api/generated/registry";

type Schemas = components["schemas"];
export const LISTS = ["moves", "clues", "reports", "numbers"] as const;
export type List = (typeof LISTS)[number];

export type ActName =
  | "accept" | "decline" | "withdraw" | "correct" | "record" | "refuse" | "decide" | "forward" | "identify" | "recordHousehold" | "answer";

/** A matter, whatever it is, in the columns that all share. `household`: "" while it is not on record. `acts`: operation, path and settled fields. */
export interface Matter {
  readonly id: string;
  readonly household: string;
  readonly number: string | null;
  readonly places: readonly string[];
  readonly what: string;
  readonly since: string;
  readonly due: string;
  readonly acts: readonly { name: ActName; operation: string; path: string; form?: Record<string, unknown> }[];
}

function ofMove(move: Schemas["MoveAnswer"], area: string): Matter {
  const path = `/registry/moves/${move.move_id}`;
  const receives = move.to_division.startsWith(area);
  return {
    id: move.move_id, household: move.household_id, number: move.national_no, places: [move.from_division, move.to_division],
    what: move.moves_on, since: move.proposed_on, due: move.answer_by,
    acts: [
      ...(receives
        ? [{ name: "accept" as const, operation: "accept_move", path: `${path}/acceptances` }, { name: "decline" as const, operation: "decline_move", path: `${path}/refusals` }]
        : []),
      ...(move.from_division.startsWith(area) ? [{ name: "withdraw" as const, operation: "withdraw_move", path: `${path}/withdrawals` }] : []),
    ],
  };
}

const ON_CLUES = [
  ["accept", "accept_clue", "acceptances"], ["refuse", "refuse_clue", "refusals"], ["forward", "forward_clue", "forwardings"],
  ["identify", "identify_clue_household", "identifications"], ["recordHousehold", "record_clue_household", "households"],
  ["answer", "answer_clue", "answers"],
] as const;

/** One that has ended is answered by nothing. */
export function ofClue(clue: Schemas["ListedClueAnswer"]): Matter {
  const path = `/registry/clues/${clue.clue_id}`;
  const isOpen = clue.ended_on === null;
  return {
    id: clue.clue_id, household: clue.household_id ?? "", number: null, places: [clue.division], what: `${clue.source} ${clue.state}`,
    since: clue.received_on, due: (clue.state === "received" && clue.accept_by) || clue.end_by,
    acts: isOpen
      ? ON_CLUES.filter(([name]) => (name === "accept" || name === "refuse" ? clue.state === "received" : true)
          && (clue.household_id === null || (name !== "identify" && name !== "recordHousehold")),
        ).map(([name, operation, at]) => ({ name, operation, path: `${path}/${at}` }))
      : [],
  };
}

function ofReport(report: Schemas["ReportAnswer"]): Matter {
  const path = `/registry/households/${report.household_id}/reports/${report.report_id}`;
  return {
    id: report.report_id, household: report.household_id, number: null, places: [report.division], what: report.fact,
    since: report.reported_on, due: report.answer_by,
    acts: [
      { name: "correct", operation: "open_case", path: "/registry/cases", form: { subject: report.household_id, procedure: "correction" } },
      { name: "record", operation: "record_reported", path: `${path}/recordings` },
      { name: "refuse", operation: "decline_report", path: `${path}/refusals` },
      { name: "withdraw", operation: "withdraw_report", path: `${path}/withdrawals` },
    ],
  };
}

function ofNumber(review: Schemas["NumberReviewAnswer"]): Matter {
  return {
    id: review.person_id, household: review.household_id, number: null,
    places: [review.division, review.other_division ?? "", review.office].filter(Boolean), what: review.outcome ?? "",
    since: review.since, due: review.due_by,
    acts: [{ name: "decide", operation: "decide_number_review", path: `/registry/number-reviews/${review.person_id}/decisions` }],
  };
}

/** What is open, a page at a time. `area`: the reader's division. */
export function useMatters(list: () => List, area: () => string) {
  return useReadOn(
    () => ["matters", list(), area()],
    async (cursor: string | null): Promise<{ items: Matter[]; rest: string | null }> => {
      const paged = cursor ? { cursor } : {};
      if (list() === "moves") {
        const page = await answered(registry.GET("/moves", { params: { query: { open: true, ...paged } } }));
        return { items: page.items.map((each) => ofMove(each, area())), rest: page.next ?? null };
      }
      if (list() === "clues") {
        const page = await answered(registry.GET("/clues", { params: { query: paged } }));
        return { items: page.items.map(ofClue), rest: page.next ?? null };
      }
      if (list() === "reports") {
        const page = await answered(registry.GET("/reports", { params: { query: { state: "open" as const, ...paged } } }));
        return { items: page.items.map(ofReport), rest: page.next ?? null };
      }
      const page = await answered(registry.GET("/number-reviews", { params: { query: paged } }));
      return { items: page.items.map(ofNumber), rest: page.next ?? null };
    },
  );
}
