// Where the lines of the list run: a lane for each service, and a track from a cause to what followed from it.
import type { Fact } from "@/pages/household/times";

export const LANES = ["registry", "assistance", "monitoring"] as const;
export const TRACKS = 4;

export const laneOf = (fact: string): number =>
  Math.max(LANES.indexOf(fact.slice(0, fact.indexOf("/")) as (typeof LANES)[number]), 0);

/** One row's part of a track. `to`: a cause (`from`) or an effect (`into`) is in this row; the line goes on up, down, or both. */
export interface Segment {
  readonly track: number;
  readonly up: boolean;
  readonly down: boolean;
  readonly end: "from" | "into" | null;
}

/** For each row its segments, as text that equals itself (`track.up.down.end`): a row that stays the same is not drawn again. */
export function rails(facts: readonly Fact[]): string[] {
  const rowOf = new Map(facts.map((fact, row) => [fact.id, row]));
  const effects = new Map<number, number[]>();
  facts.forEach((fact, row) => {
    const cause = fact.caused_by === null ? undefined : rowOf.get(fact.caused_by);
    if (cause !== undefined && cause !== row) effects.set(cause, [...(effects.get(cause) ?? []), row]);
  });
  const found: string[][] = facts.map(() => []);
  const freeFrom: number[] = [];
  const spans = [...effects].map(([cause, rows]) => ({ cause, rows, top: Math.min(cause, ...rows), end: Math.max(cause, ...rows) }));
  for (const { cause, rows, top, end } of spans.sort((one, other) => one.top - other.top)) {
    const free = Array.from({ length: TRACKS }, (_, at) => at).find((at) => (freeFrom[at] ?? 0) <= top);
    const track = free ?? TRACKS - 1; // more at a time share the last
    freeFrom[track] = end + 1;
    for (let row = top; row <= end; row += 1) {
      const kind = row === cause ? "from" : rows.includes(row) ? "into" : "";
      found[row]?.push([track, row > top ? 1 : 0, row < end ? 1 : 0, kind].join("."));
    }
  }
  return found.map((each) => each.join(" "));
}

export function segments(rail: string): Segment[] {
  return rail
    .split(" ")
    .filter(Boolean)
    .map((each) => {
      const [track, up, down, end] = each.split(".");
      return { track: Number(track), up: up === "1", down: down === "1", end: end === "from" || end === "into" ? end : null };
    });
}
