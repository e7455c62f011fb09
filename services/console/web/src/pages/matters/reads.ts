import { answered, registry } from "@/api/ask";
import { useReadOn } from "@/api/read_on";
import type { components } from "@/api/generated/registry";

type Schemas = components["schemas"];
export const LISTS = ["moves", "reports", "numbers"] as const;
export type List = (typeof LISTS)[number];

/** A matter, whatever it is, in the columns that all share. `acts`: operation, path and settled fields. */
export interface Matter {
  readonly id: string;
  readonly household: string;
  readonly number: string | null;
  readonly places: readonly string[];
  readonly what: string;
  readonly since: string;
  readonly due: string;
  readonly acts: readonly { name: "accept" | "decline" | "withdraw" | "correct" | "record" | "refuse" | "decide"; operation: string; path: string; form?: Record<string, unknown> }[];
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
      if (list() === "reports") {
        const page = await answered(registry.GET("/reports", { params: { query: { state: "open" as const, ...paged } } }));
        return { items: page.items.map(ofReport), rest: page.next ?? null };
      }
      const page = await answered(registry.GET("/number-reviews", { params: { query: paged } }));
      return { items: page.items.map(ofNumber), rest: page.next ?? null };
    },
  );
}
