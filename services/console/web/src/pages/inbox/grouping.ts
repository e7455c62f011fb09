// How entries stand on the page: in which part, and together where many say the same.
import type { Entry, Kind } from "@/pages/inbox/reads";
import { endOfWeek } from "@/parts/days";

/** The parts of the page, in the order in which they are to be looked at. */
export const SECTIONS = ["escalated", "overdue", "back", "due", "waiting"] as const;
export type Section = (typeof SECTIONS)[number];

export const KINDS: Readonly<Record<Section, readonly Kind[]>> = {
  escalated: ["escalated"],
  overdue: ["overdue"],
  back: ["returned", "refused"],
  due: ["due"],
  waiting: ["waiting"],
};

export const SPANS = ["today", "week", "later", "open"] as const;
export type Span = (typeof SPANS)[number];

/** When something that is due is due; `open`: no day is set. */
export function spanOf(due: string | null, today: string): Span {
  if (due === null) return "open";
  if (due <= today) return "today";
  return due <= endOfWeek(today) ? "week" : "later";
}

/** Entries that say the same of several households of one division. */
export interface Group {
  readonly key: string;
  readonly first: Entry;
  readonly entries: readonly Entry[];
}

/** In the order of the first of each. */
export function grouped(entries: readonly Entry[]): Group[] {
  const found = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = JSON.stringify([
      entry.service, entry.kind, entry.division, entry.due_by, entry.why.zh, entry.act?.operation, entry.may,
      entry.refused_by?.zh, entry.household_id === null ? entry.id : "",
    ]);
    const same = found.get(key);
    if (same) same.push(entry);
    else found.set(key, [entry]);
  }
  const byNumber = (one: Entry, other: Entry): number => (one.national_no ?? one.id).localeCompare(other.national_no ?? other.id);
  return [...found].flatMap(([key, same]) => (same[0] ? [{ key, first: same[0], entries: [...same].sort(byNumber) }] : []));
}
