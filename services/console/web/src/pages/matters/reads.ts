import { answered, registry } from "@/api/ask";
import { useReadOn } from "@/api/read_on";
import type { components } from "@/api/generated/registry";

type Schemas = components["schemas"];
export const LISTS = ["moves", "clues", "reports", "numbers"] as const;
export type List = (typeof LISTS)[number];

/** A matter, whatever it is, in the columns that all share. `household`: "" while it is not on record; `subject`: where its acts stand. */
export interface Matter {
  readonly id: string;
  readonly subject: string;
  readonly household: string;
  readonly number: string | null;
  readonly places: readonly string[];
  readonly what: string;
  readonly since: string;
  readonly due: string;
}

const ofMove = (move: Schemas["MoveAnswer"]): Matter => ({
  id: move.move_id, subject: `/registry/moves/${move.move_id}`, household: move.household_id, number: move.national_no,
  places: [move.from_division, move.to_division], what: move.moves_on, since: move.proposed_on, due: move.answer_by,
});

const ofClue = (clue: Schemas["ListedClueAnswer"]): Matter => ({
  id: clue.clue_id, subject: `/registry/clues/${clue.clue_id}`, household: clue.household_id ?? "", number: null,
  places: [clue.division], what: `${clue.source} ${clue.state}`, since: clue.received_on,
  due: (clue.state === "received" && clue.accept_by) || clue.end_by,
});

const ofReport = (report: Schemas["ReportAnswer"]): Matter => ({
  id: report.report_id, subject: `/registry/households/${report.household_id}/reports/${report.report_id}`, household: report.household_id,
  number: null, places: [report.division], what: report.fact, since: report.reported_on, due: report.answer_by,
});

const ofNumber = (review: Schemas["NumberReviewAnswer"]): Matter => ({
  id: review.person_id, subject: `/registry/number-reviews/${review.person_id}`, household: review.household_id, number: null,
  places: [review.division, review.other_division ?? "", review.office].filter(Boolean), what: review.outcome ?? "",
  since: review.since, due: review.due_by,
});

/** What is open, a page at a time. */
export function useMatters(list: () => List) {
  return useReadOn(
    () => ["matters", list()],
    async (cursor: string | null): Promise<{ items: Matter[]; rest: string | null }> => {
      const paged = cursor ? { cursor } : {};
      if (list() === "moves") {
        const page = await answered(registry.GET("/moves", { params: { query: { open: true, ...paged } } }));
        return { items: page.items.map(ofMove), rest: page.next ?? null };
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
