// Reads, kept in memory only: what was read ends with the tab.
import { QueryClient, useQuery } from "@tanstack/vue-query";
import { computed, type ComputedRef } from "vue";
import { Refusal } from "@/api/refusal";
import { hat } from "@/api/session";

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      gcTime: 60_000,
      refetchOnWindowFocus: true,
      retry: (count, error) => error instanceof Refusal && error.isPassing && count < 2,
    },
  },
});

/** What a read depends on: the account is added, so that no answer to one is shown to another. `enabled`: not before. */
export function useRead<T>(key: () => readonly unknown[], read: () => Promise<T>, enabled: () => boolean = () => true) {
  const query = useQuery({
    queryKey: computed(() => [hat.value?.account, ...key()]),
    queryFn: read,
    enabled: computed(() => hat.value !== null && enabled()),
  });
  const refusal: ComputedRef<Refusal | null> = computed(() =>
    query.error.value instanceof Refusal ? query.error.value : null,
  );
  return { data: query.data, refusal, loading: query.isPending, again: query.refetch };
}

/** After an order: what is on the page is asked for anew. */
export const refresh = (): Promise<void> => queries.invalidateQueries();
