// Reads, kept in memory only: what was read ends with the tab.
import { QueryClient, useQuery } from "@tanstack/vue-query";
import { computed, type ComputedRef } from "vue";
import { noConnection, pageFailed, Refusal } from "@/api/refusal";
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
      // Not where too many came: asking again at once is what they are too many of.
      retry: (count, error) => error instanceof Refusal && error.mayBeRecorded && count < 2,
    },
  },
});

/** What a read depends on: the account is added, so that no answer to one is shown to another. `enabled`: not before. */
export function useRead<T>(key: () => readonly unknown[], read: () => Promise<T>, enabled: () => boolean = () => true) {
  const query = useQuery({
    shallow: true, // an answer is never changed where it lies: made reactive to its depth, a long list is slow
    queryKey: computed(() => [hat.value?.account, ...key()]),
    queryFn: ({ queryKey: [account] }) => readAs(account, read),
    enabled: computed(() => hat.value !== null && enabled()),
  });
  const refusal: ComputedRef<Refusal | null> = computed(() => shownInstead(query.error.value, query.data.value));
  return { data: query.data, refusal, loading: query.isPending, again: query.refetch };
}

/** What another read of the page reads as well, by its key: both wait for one request. */
export function readTogether<T>(key: readonly unknown[], read: () => Promise<T>): Promise<T> {
  const account = hat.value?.account;
  return queries.fetchQuery({ queryKey: [account, ...key], queryFn: () => readAs(account, read) });
}

/** What is shown in the place of the content: not what keeps it, once there is some. */
export function shownInstead(error: Error | null, data: unknown): Refusal | null {
  if (error === null) return null;
  const refusal = error instanceof Refusal ? error : pageFailed();
  return refusal.keepsContent && data !== undefined ? null : refusal;
}

// What was read stays on its page when it cannot be read anew, and the page says so.
queries.getQueryCache().subscribe(() => {
  const kept = queries.getQueryCache().findAll({ type: "active", predicate: ({ state }) => state.data !== undefined });
  const errors = kept.map(({ state }) => state.error).filter((error): error is Refusal => error instanceof Refusal);
  standing.outdated = errors.find((error) => error.keepsContent) ?? null;
});

/** The account at hand may change while an answer is on its way, or before it is asked for again. */
async function readAs<T>(account: unknown, read: () => Promise<T>): Promise<T> {
  if (hat.value?.account !== account) throw noConnection();
  const data = await read().catch((error: unknown) => {
    if (!(error instanceof Refusal)) reportError(error);
    throw error;
  });
  if (hat.value?.account !== account) throw noConnection();
  return data;
}

/** After an order: what is on the page is asked for anew. */
export const refresh = (): Promise<void> => queries.invalidateQueries();
