// Picks what the services answered for a day, as known on another. Nothing here decides what is true: periods and days of being
// void are the services'.
import type { components as Audit } from "@/api/generated/audit";
import type { components as Registry } from "@/api/generated/registry";

export type Periods = Registry["schemas"]["HouseholdPeriodsAnswer"];
export type Period = Registry["schemas"]["SnapshotPeriodAnswer"];
export type Snapshot = Registry["schemas"]["SnapshotAnswer"];
export type Fact = Audit["schemas"]["EventAnswer"];
export type Void = Audit["schemas"]["VoidAnswer"];

/** `asOf`: when it was true; `knownAt`: when it was known, by its end; `compare`: a second day of knowledge, "" for none. */
export interface Times {
  readonly asOf: string;
  readonly knownAt: string;
  readonly compare: string;
}

const within = (day: string, from: string, to: string | null): boolean => from <= day && (to === null || day < to);

const believedOn = (periods: Periods, asOf: string): Period[] =>
  periods.periods.filter((each) => within(asOf, each.valid_from, each.valid_to));

/** `null`: not on record on that day, as known then. */
export function snapshotAt(periods: Periods, asOf: string, knownAt: string): Snapshot | null {
  const found = believedOn(periods, asOf).find((each) => within(knownAt, each.known_from, each.known_to));
  return found === undefined ? null : (periods.snapshots[found.snapshot] ?? null);
}

/** What a value was before, and since when, by which facts, it is known to be another. */
export interface Change<T> {
  readonly was: T;
  readonly is: T;
  readonly learnedOn: string;
  readonly learnedBy: readonly string[];
}

/** How a value of that day came to be believed otherwise between two days of knowledge, oldest first. */
export function changes<T>(
  periods: Periods,
  { asOf, knownAt, compare }: Times,
  valueOf: (snapshot: Snapshot | null) => T,
): Change<T>[] {
  if (compare === "") return [];
  const [first, last] = compare < knownAt ? [compare, knownAt] : [knownAt, compare];
  const instants = new Map<string, readonly string[]>();
  for (const each of believedOn(periods, asOf)) {
    if (first < each.known_from && each.known_from <= last) instants.set(each.known_from, each.learned_by);
    if (each.known_to !== null && first < each.known_to && each.known_to <= last && !instants.has(each.known_to))
      instants.set(each.known_to, []);
  }
  const found: Change<T>[] = [];
  let was = valueOf(snapshotAt(periods, asOf, first));
  for (const [learnedOn, learnedBy] of [...instants].sort(([one], [other]) => one.localeCompare(other))) {
    const is = valueOf(snapshotAt(periods, asOf, learnedOn));
    if (JSON.stringify(is) !== JSON.stringify(was)) found.push({ was, is, learnedOn, learnedBy });
    was = is;
  }
  return found;
}

/** By which fact it is void, as known at the end of that day. */
export const voidBy = (fact: Fact, knownAt: string): string | null =>
  fact.void.find((each) => within(knownAt, each.since, each.until))?.by ?? null;

export interface Shown {
  readonly facts: readonly Fact[];
  /** How many are left out: learned later, and effective later. */
  readonly later: { readonly learned: number; readonly effective: number };
}

export function shownFacts(facts: readonly Fact[], { asOf, knownAt }: Times): Shown {
  const known = facts.filter((each) => each.learned.recorded_on <= knownAt);
  const shown = known.filter((each) => each.effective_on <= asOf);
  return { facts: shown, later: { learned: facts.length - known.length, effective: known.length - shown.length } };
}

/** Days at which a slider stops: where something became so, and today. */
export const stops = (days: readonly string[], today: string): string[] => [...new Set([...days, today])].sort();

/** The place of the last stop that is not after the day; the first, where all are. */
export function stopAt(days: readonly string[], day: string): number {
  const after = days.findIndex((each) => each > day);
  return after < 0 ? days.length - 1 : Math.max(after - 1, 0);
}
