// How a target came to its progress, as lines to draw and as rows to read: both of the same answer.
import type { TargetPath } from "@/pages/targets/reads";

/** One quantity over time. `target` and `done` are decimal strings. */
export interface Series {
  readonly key: string;
  readonly line: number | null;
  readonly place: string;
  readonly unit: string;
  readonly target: string;
  readonly points: readonly { readonly on: string; readonly done: string }[];
}

/** An exit target has a series of households and one of persons; any other one for each of its lines. */
export function seriesOf(target: TargetPath): Series[] {
  if (target.progress.kind === "exit") {
    const { households, persons } = target.progress;
    return (["households", "persons"] as const).map((unit) => ({
      key: unit, line: null, place: "", unit: unit === "households" ? "household" : "person",
      target: String((unit === "households" ? households : persons).target),
      points: target.exits.map((each) => ({ on: each.on, done: String(each[unit]) })),
    }));
  }
  return target.progress.lines.map((line) => ({
    key: String(line.line), line: line.line, place: line.place, unit: line.unit, target: line.target,
    points: target.reports.filter((each) => each.line === line.line).map((each) => ({ on: each.on, done: each.done })),
  }));
}

/** The first and the last day that the picture shows. */
export function spanOf(target: TargetPath): { first: string; last: string } {
  const days = [
    target.set_on, target.deadline, ...target.reports.map((each) => each.on), ...target.exits.map((each) => each.on),
    ...target.milestones.flatMap((each) => [each.due_on, ...(each.reached_on ? [each.reached_on] : [])]),
    ...(target.closed_on ? [target.closed_on] : []), ...(target.overdue ? [target.overdue.since] : []),
  ].sort();
  return { first: days[0] ?? target.set_on, last: days.at(-1) ?? target.deadline };
}

export interface Happened {
  readonly key: string;
  readonly on: string;
  readonly what: "set" | "planned" | "reachedOn" | "reported" | "exited" | "due" | "overdue" | "closed";
  readonly text: string;
  readonly line: number | null;
  readonly done: readonly { readonly amount: string; readonly unit: string }[];
  readonly correction: string | null;
}

export function happenedOf(target: TargetPath): Happened[] {
  const plain = { text: "", line: null, done: [], correction: null };
  const all: Happened[] = [
    { ...plain, key: "set", on: target.set_on, what: "set" },
    { ...plain, key: "due", on: target.deadline, what: "due" },
    ...target.milestones.map((each) => ({ ...plain, key: `planned${each.milestone}`, on: each.due_on, what: "planned" as const, text: each.content })),
    ...target.milestones.flatMap((each) => (each.reached_on ? [{ ...plain, key: `reached${each.milestone}`, on: each.reached_on, what: "reachedOn" as const, text: each.content }] : [])),
    ...target.reports.map((each) => ({
      ...plain, key: each.id, on: each.on, what: "reported" as const, line: each.line, done: [{ amount: each.done, unit: each.unit }], correction: each.correction ?? null,
    })),
    ...target.exits.map((each) => ({
      ...plain, key: `exits${each.on}`, on: each.on, what: "exited" as const,
      done: [{ amount: String(each.households), unit: "household" }, { amount: String(each.persons), unit: "person" }],
    })),
    ...(target.overdue ? [{ ...plain, key: "overdue", on: target.overdue.since, what: "overdue" as const, done: target.overdue.missing.map((each) => ({ amount: each.missing, unit: each.unit })) }] : []),
    ...(target.closed_on ? [{ ...plain, key: "closed", on: target.closed_on, what: "closed" as const }] : []),
  ];
  const order = ["set", "reported", "exited", "reachedOn", "planned", "due", "closed", "overdue"];
  return all.sort((one, other) => one.on.localeCompare(other.on) || order.indexOf(one.what) - order.indexOf(other.what));
}
