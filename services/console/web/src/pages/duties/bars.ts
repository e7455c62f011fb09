// The calendar's numbers as columns, months in order and states one on another: nothing is counted that the answer does not say.
import { STATES, type Entry, type State } from "@/pages/duties/reads";

/** `below`: the duties of the same month that stand under it. */
export interface Part {
  readonly state: State;
  readonly duties: number;
  readonly below: number;
}

export interface Bar {
  readonly month: string;
  readonly total: number;
  readonly parts: readonly Part[];
}

export function barsOf(entries: readonly Entry[]): Bar[] {
  return [...new Set(entries.map((each) => each.month))].sort().map((month) => {
    const of = (state: State): number => sum(entries.filter((each) => each.month === month && each.state === state));
    const parts = STATES.map((state, at) => ({ state, duties: of(state), below: STATES.slice(0, at).reduce((below, each) => below + of(each), 0) }));
    return { month, total: sum(entries.filter((each) => each.month === month)), parts: parts.filter((part) => part.duties > 0) };
  });
}

const sum = (entries: readonly Entry[]): number => entries.reduce((all, each) => all + each.duties, 0);
