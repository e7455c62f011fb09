// Lists that go on: each page says where the next begins, and those that were read stay in sight.
import { useInfiniteQuery } from "@tanstack/vue-query";
import { computed } from "vue";
import { shownInstead } from "@/api/read";
import { hat } from "@/api/session";

interface Part<T, From> {
  readonly items: readonly T[];
  /** Where the next part begins; `null` at the end. */
  readonly rest: From | null;
}

/** As `useRead`; what was read is read anew from the beginning after an order, as far as it was read. */
export function useReadOn<T, From>(
  key: () => readonly unknown[],
  read: (from: From | null) => Promise<Part<T, From>>,
  enabled: () => boolean = () => true,
) {
  const query = useInfiniteQuery({
    shallow: true,
    queryKey: computed(() => [hat.value?.account, ...key()]),
    queryFn: ({ pageParam }) => read(pageParam as From | null),
    initialPageParam: null as unknown,
    getNextPageParam: (last: Part<T, From>) => last.rest,
    enabled: computed(() => hat.value !== null && enabled()),
  });
  return {
    items: computed<readonly T[]>(() => query.data.value?.pages.flatMap((page) => page.items) ?? []),
    more: query.hasNextPage,
    readMore: () => query.fetchNextPage(),
    reading: query.isFetchingNextPage,
    loading: query.isLoading,
    refusal: computed(() => shownInstead(query.error.value, query.data.value)),
    again: query.refetch,
  };
}
