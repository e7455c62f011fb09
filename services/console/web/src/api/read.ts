// Reads, kept in memory only: what was read ends with the tab.
import { QueryClient, useQuery } from "@tanstack/vue-query";
import { computed, type ComputedRef } from "vue";
import { asRefusal, Refusal } from "@/api/refusal";
import { hat } from "@/api/session";
import { standing } from "@/api/standing";

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: "always", // a machine without a network reaches a house that runs on it
      refetchOnReconnect: true,
      staleTime: 5_000,
      gcTime: 60_000,
      refetchOnWindowFocus: true,
      retryDelay: (count) => 300 * 2 ** count, // ms
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
  const refusal: ComputedRef<Refusal | null> = computed(() => {
    if (query.error.value === null) return null;
    const error = asRefusal(query.error.value);
    return error.keepsContent && query.data.value !== undefined ? null : error;
  });
  return { data: query.data, refusal, loading: query.isPending, again: query.refetch };
}

// What was read stays on its page when it cannot be read anew, and the page says so.
queries.getQueryCache().subscribe(() => {
  const kept = queries.getQueryCache().findAll({ type: "active", predicate: ({ state }) => state.data !== undefined });
  const errors = kept.map(({ state }) => state.error).filter((error): error is Refusal => error instanceof Refusal);
  standing.outdated = errors.find((error) => error.keepsContent) ?? null;
});

/** After an order: what is on the page is asked for anew. */
export const refresh = (): Promise<void> => queries.invalidateQueries();
