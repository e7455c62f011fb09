// Lists that are read a page at a time. Filters and cursor stand in the address and nowhere else: whoever reloads, goes back or
// passes the address on sees the same page. What the service does not know as a filter it says itself.
import { computed, shallowRef, watch } from "vue";
import { useRoute, useRouter } from "vue-router";
import { useRead } from "@/api/read";

export type Asked = Readonly<Record<string, string>>;

export interface Page<Row> {
  items: Row[];
  next?: string | null;
}

/** What says how much of a list is shown, and not what it is narrowed to. */
const OF_A_PAGE = ["cursor", "limit"];

/** The filters that the address holds. `isOwn`: what in it is the page's own and no filter of the list. */
export function useFilters(isOwn: (name: string, value: string) => boolean = () => false) {
  const route = useRoute();
  const router = useRouter();
  const asked = computed<Asked>(() =>
    Object.fromEntries(
      Object.entries(route.query)
        .map(([name, value]) => [name, String(value ?? "")] as const)
        .filter(([name, value]) => value !== "" && !isOwn(name, value)),
    ),
  );
  const filters = computed<Asked>(() => Object.fromEntries(Object.entries(asked.value).filter(([name]) => !OF_A_PAGE.includes(name))));

  /** Another filter begins at the first page again; empty takes it away. */
  function set(changed: Record<string, string>): void {
    const kept = Object.entries({ ...route.query, ...changed }).filter(([name, value]) => name !== "cursor" && value !== "");
    void router.push({ query: Object.fromEntries(kept) });
  }

  return { asked, filters, set };
}

/** A list at the address's filters and cursor. What was read last stays in sight until the next page is there. `enabled`: not before. */
export function usePages<Row, Shown extends Page<Row> = Page<Row>>(
  name: () => string, asked: () => Asked, read: (asked: Asked) => Promise<Shown>, enabled: () => boolean = () => true,
) {
  const { data, refusal, loading, again } = useRead(
    () => ["list", name(), asked()],
    () => read(asked()),
    enabled,
  );
  const shown = shallowRef<Shown | null>(null);
  watch(name, () => (shown.value = null));
  watch(
    data,
    (page) => {
      if (page !== undefined) shown.value = page;
    },
    { immediate: true },
  );
  const rows = computed<Row[]>(() => shown.value?.items ?? []);
  const next = computed(() => data.value?.next ?? null);
  return { rows, next, answer: shown, refusal, loading: computed(() => loading.value && shown.value === null), turning: loading, again };
}
