import { answered, assistance, monitoring, registry } from "@/api/ask";
import { readTogether, useRead } from "@/api/read";
import { useReadOn } from "@/api/read_on";
import { notUnderstood, Refusal } from "@/api/refusal";
import type { components } from "@/api/generated/registry";
import { nextPage, type Page } from "@/pages/inbox/merging";
import { isRow } from "@/parts/reads_published";

export const SERVICES = ["registry", "assistance", "monitoring"] as const;
export type InboxService = (typeof SERVICES)[number];
type Answer = components["schemas"]["InboxEntryAnswer"];
export type Kind = Answer["kind"];
export type Entry = Answer & { service: InboxService };

type Counts = components["schemas"]["CountsAnswer"];
export interface Standing {
  readonly counts: Partial<Record<InboxService, Counts["counts"]>>;
  readonly first: Partial<Record<InboxService, Counts["first"]>>;
  readonly today: string;
  /** Of a service that does not answer; the others are shown all the same. */
  readonly away: Refusal | null;
}

/** Entries of one kind and service that are read at once. */
const PAGE = 50;

/** Throws a refusal where it is an answer of something else: no counts are not nothing to do. */
async function countsOf(service: InboxService, division: string): Promise<Counts> {
  const found = await asked(service, division);
  const counted = isRow(found) && isRow(found.counts) && Object.values(found.counts).every(Number.isInteger) && isRow(found.first);
  if (!counted) throw notUnderstood(200);
  return found;
}

function asked(service: InboxService, division: string): Promise<Counts> {
  const params = { params: { query: { division, first: PAGE } } };
  switch (service) {
    case "registry":
      return answered(registry.GET("/inbox/counts", params));
    case "assistance":
      return answered(assistance.GET("/inbox/counts", params));
    case "monitoring":
      return answered(monitoring.GET("/inbox/counts", params));
  }
}

function pageOf(service: InboxService, query: { division: string; kind: Kind; limit: number; cursor?: string }): Promise<Page<Answer>> {
  const params = { params: { query } };
  switch (service) {
    case "registry":
      return answered(registry.GET("/inbox", params));
    case "assistance":
      return answered(assistance.GET("/inbox", params));
    case "monitoring":
      return answered(monitoring.GET("/inbox", params));
  }
}

/** How much waits, by service and kind, with the first of it. Throws the refusal of the first service where none answers. */
export async function opened(division: string): Promise<Standing> {
  const told = await Promise.allSettled(SERVICES.map((service) => countsOf(service, division)));
  const counts: Standing["counts"] = {};
  const first: Standing["first"] = {};
  let today = "";
  let away: Refusal | null = null;
  told.forEach((one, at) => {
    const service = SERVICES[at];
    if (one.status === "fulfilled" && service) {
      [counts[service], first[service]] = [one.value.counts, one.value.first];
      today ||= one.value.today;
    } else if (one.status === "rejected") {
      if (!(one.reason instanceof Refusal)) throw one.reason;
      away ??= one.reason;
    }
  });
  if (away !== null && today === "") throw away;
  return { counts, first, today, away };
}

const opening = (division: string): readonly unknown[] => ["inbox", "counts", division];

export const useCounts = (division: () => string) => useRead(() => opening(division()), () => opened(division()));

/** What waits of these kinds in all services that have some, oldest first, a page at a time; the first comes with the counts. */
export function useEntries(kinds: readonly Kind[], division: () => string, standing: () => Standing | undefined, enabled: () => boolean) {
  const lists = (): { service: InboxService; kind: Kind }[] =>
    SERVICES.flatMap((service) =>
      kinds.filter((kind) => (standing()?.counts[service]?.[kind] ?? 0) > 0).map((kind) => ({ service, kind })),
    );
  return useReadOn(
    () => ["inbox", ...kinds, division(), ...lists().map((list) => `${list.service} ${list.kind}`)],
    async (rest: Awaited<ReturnType<typeof nextPage<Entry>>>["rest"]) => {
      const along = rest === null ? (await readTogether(opening(division()), () => opened(division()))).first : {};
      return nextPage(
        lists().map(({ service, kind }) => async (cursor: string | undefined) => {
          const read = () => pageOf(service, { division: division(), kind, limit: PAGE, ...(cursor ? { cursor } : {}) });
          const page = (cursor === undefined ? along[service]?.[kind] : undefined) ?? (await read());
          return { ...page, items: page.items.map((entry) => ({ ...entry, service })) };
        }),
        rest,
        compare,
      );
    },
    enabled,
  );
}

function compare(one: Entry, other: Entry): number {
  const key = (each: Entry): string => [each.since, each.service, each.id].join(" ");
  return key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0;
}
