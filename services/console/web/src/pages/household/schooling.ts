// What the department of education says of a member on a day, as known on another; beside it stands what the household said.
import { answered, registry } from "@/api/ask";
import type { components as Registry } from "@/api/generated/registry";
import { useRead } from "@/api/read";
import type { Times } from "@/pages/household/times";
import { words } from "@/pages/household/words";
import { codeLabel } from "@/words/labels";
import { say } from "@/words/say";

export type SchoolingPeriod = Registry["schemas"]["SchoolingPeriodAnswer"];
export type Schooling = SchoolingPeriod["schooling"];

/** All days and all days of knowledge at once, of everybody who was ever a member. */
export const useSchooling = (id: () => string) =>
  useRead(
    () => ["household", id(), "schooling"],
    () => answered(registry.GET("/households/{household_id}/schooling-periods", { params: { path: { household_id: id() } } })),
  );

const within = (day: string, from: string, to: string | null): boolean => from <= day && (to === null || day < to);

/** `null`: education said nothing of that day, as known then. */
export const schoolingAt = (
  periods: readonly SchoolingPeriod[],
  person: string,
  { asOf, knownAt }: Pick<Times, "asOf" | "knownAt">,
): Schooling | null =>
  periods.find(
    (each) =>
      each.person_id === person &&
      within(asOf, each.valid_from, each.valid_to) &&
      within(knownAt, each.known_from, each.known_to),
  )?.schooling ?? null;

/** School, stage, grade and class, whether boarding; or why it ended. */
export function schoolingText(said: Schooling | null): string {
  if (said === null) return "";
  const parts = [
    say(codeLabel("SchoolStage", said.stage)),
    said.grade === null ? "" : say(words.grade, { grade: said.grade }),
    said.class_no === null ? "" : say(words.classNo, { number: said.class_no }),
    say(said.boarding ? words.boards : words.boardsNot),
    said.dropped_out ? say(words.droppedOut) : "",
    said.ended_because === null ? "" : say(words.endedOn, { day: said.ended_on ?? "", why: say(codeLabel("EnrolmentEnd", said.ended_because)) }),
  ];
  return `${said.school_name ?? said.school_code} · ${parts.filter((part) => part !== "").join(" · ")}`;
}
