import { answered, audit } from "@/api/ask";
import { useRead } from "@/api/read";
import type { components } from "@/api/generated/audit";

export type Reading = components["schemas"]["ReadingAnswer"];
export type Count = components["schemas"]["ReadingCountAnswer"];
export type View = "own" | "all" | "counts";
export type By = "reader" | "subject" | "day";

/** What the page asks, as its address says it; "" where nothing is asked. */
export interface Asked {
  readonly view: View;
  readonly since: string;
  readonly until: string;
  readonly division: string;
  readonly account: string;
  readonly kind: string;
  readonly by: By;
}

interface Page<Item> {
  items: Item[];
  next?: string | null;
}
const SIZE = 100;

/** The first pages of a list, one after the other. */
async function pages<Item>(count: number, ask: (cursor?: string) => Promise<Page<Item>>): Promise<Page<Item>> {
  const found: Page<Item> = { items: [], next: null };
  for (let page = 0; page < count; page += 1) {
    const answer = await ask(found.next ?? undefined);
    found.items.push(...answer.items);
    found.next = answer.next ?? null;
    if (found.next === null) break;
  }
  return found;
}

const given = (asked: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(asked).filter((each): each is [string, string] => Boolean(each[1])));

export const useReadings = (asked: () => Asked, count: () => number) =>
  useRead(
    () => ["readings", asked(), count()],
    () => {
      const { view, since, until, division, account, kind } = asked();
      return pages<Reading>(count(), (cursor) =>
        view === "own"
          ? answered(audit.GET("/readings/own", { params: { query: { ...given({ since, until, cursor }), limit: SIZE } } }))
          : answered(
              audit.GET("/readings", { params: { query: { ...given({ since, until, division, account, kind, cursor }), limit: SIZE } } }),
            ),
      );
    },
    () => asked().view !== "counts",
  );

export const useCounts = (asked: () => Asked, count: () => number) =>
  useRead(
    () => ["readings", "counts", asked(), count()],
    () => {
      const { since, until, division, account, by } = asked();
      return pages<Count>(count(), (cursor) =>
        answered(audit.GET("/readings/counts", { params: { query: { ...given({ since, until, division, account, cursor }), by, limit: SIZE } } })),
      );
    },
    () => asked().view === "counts",
  );
