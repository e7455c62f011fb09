// The pages that this hat may use, in the order of the navigation and in its three groups.
import { computed, onScopeDispose, ref } from "vue";
import type { RouteRecordRaw } from "vue-router";
import type { Service } from "@/api/ask";
import { queries, useRead } from "@/api/read";
import { accessOf } from "@/parts/access";
import { routes } from "@/routes";
import type { Pair } from "@/words/say";
import { words } from "@/words/shell";

export interface Group {
  readonly title: Pair;
  readonly pages: readonly RouteRecordRaw[];
}

/** The first `meta.place` of each group. */
const GROUPS: readonly (readonly [number, Pair])[] = [
  [1, words.register],
  [6, words.assistance],
  [11, words.oversight],
];
/** Milliseconds without a read: one may follow from the answer of another. */
const CALM = 200;
/** On a phone these stand at the foot, as far as there is such a page; all others behind 我. */
const AT_HAND = ["/", "/households", "/drafts"];

const placed = routes
  .filter((route) => route.meta?.place !== undefined)
  .sort((one, other) => (one.meta?.place ?? 0) - (other.meta?.place ?? 0));
const services = [...new Set(placed.flatMap((route) => route.meta?.reads ?? []).map((act) => act.split(".")[0] as Service))];

/** What the page itself reads goes first: a browser opens six connections to a house, and a phone's are slow. */
function useTurn() {
  const come = ref(false);
  let since = Date.now();
  const timer = setInterval(() => {
    if (queries.isFetching() > 0) since = Date.now();
    if (Date.now() - since < CALM) return;
    come.value = true;
    clearInterval(timer);
  }, CALM / 4);
  onScopeDispose(() => clearInterval(timer));
  return come;
}

/** What the services let this hat do; a service that does not answer hides none of its pages. */
function useActs() {
  const turn = useTurn();
  return useRead(
    () => ["access"],
    () => accessOf(services),
    () => turn.value && services.length > 0,
  );
}

export function usePlaces() {
  const { data } = useActs();
  const offered = (route: RouteRecordRaw): boolean =>
    (route.meta?.reads ?? []).every((read) => {
      const [service, act = ""] = read.split(".") as [Service, string?];
      return data.value?.get(service)?.has(act) ?? data.value?.has(service) ?? false;
    });
  const pages = computed(() => placed.filter(offered));
  const groups = computed<Group[]>(() =>
    GROUPS.map(([from, title], at) => {
      const until = GROUPS[at + 1]?.[0] ?? Infinity;
      return { title, pages: pages.value.filter(({ meta }) => meta?.place && meta.place >= from && meta.place < until) };
    }).filter((group) => group.pages.length > 0),
  );
  const atHand = computed(() =>
    AT_HAND.flatMap((path) => routes.find((route) => route.path === path) ?? []).filter(offered),
  );
  return { groups, atHand };
}
