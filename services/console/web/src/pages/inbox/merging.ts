// One list out of several that are paged each for itself, in the order that all of them have. A row is given out once no list can
// still bring one before it, so that none is lost or told twice where pages end.

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string | null;
}

export type ReadPage<T> = (cursor: string | undefined) => Promise<Page<T>>;

/** Of one list: what was read and not given out yet, and where it goes on. */
interface Rest<T> {
  readonly held: readonly T[];
  readonly cursor: string | undefined;
  readonly ended: boolean;
}

export interface Merged<T> {
  readonly items: readonly T[];
  /** Where the next page goes on; `null` at the end of all lists. */
  readonly rest: readonly Rest<T>[] | null;
}

/** The next page of all lists together. `compare`: their common order, in which no two rows are equal. */
export async function nextPage<T>(
  lists: readonly ReadPage<T>[],
  rest: readonly Rest<T>[] | null,
  compare: (one: T, other: T) => number,
): Promise<Merged<T>> {
  const begun = rest ?? lists.map(() => ({ held: [], cursor: undefined, ended: false }));
  const read = await Promise.all(begun.map((each, at) => filled(each, lists[at])));
  const last = read.filter((each) => !each.ended).map((each) => each.held[each.held.length - 1]);
  const horizon = last.filter((row) => row !== undefined).sort(compare)[0];
  const isOut = (row: T): boolean => horizon === undefined || compare(row, horizon) <= 0;
  const items = read.flatMap((each) => each.held.filter(isOut)).sort(compare);
  const left = read.map((each) => ({ ...each, held: each.held.filter((row) => !isOut(row)) }));
  return { items, rest: left.every((each) => each.ended && each.held.length === 0) ? null : left };
}

async function filled<T>(rest: Rest<T>, read: ReadPage<T> | undefined): Promise<Rest<T>> {
  let current = rest;
  while (current.held.length === 0 && !current.ended && read !== undefined) {
    const page = await read(current.cursor);
    current = { held: page.items, cursor: page.next ?? undefined, ended: !page.next };
  }
  return current;
}
