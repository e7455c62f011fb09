// Reads, kept in memory only: what was read ends with the tab.
import { QueryClient, useQuery } from "@tanstack/vue-query";
import { computed, type ComputedRef } from "vue";
import { noConnection, pageFailed, Refusal } from "@/api/refusal";
import { hat } from "@/api/session";

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      gcTime: 60_000,
      refetchOnWindowFocus: true,
      // Not where too many came: asking again at once is what they are too many of.
      retry: (count, error) => error instanceof Refusal && error.mayBeRecorded && count < 2,
    },
  },
});

/** What a read depends on: the account is added, so that no answer to one is shown to another. `enabled`: not before. */
export function useRead<T>(key: () => readonly unknown[], read: () => Promise<T>, enabled: () => boolean = () => true) {
  const query = useQuery({
    queryKey: computed(() => [hat.value?.account, ...key()]),
    queryFn: ({ queryKey: [account] }) => readAs(account, read),
    enabled: computed(() => hat.value !== null && enabled()),
  });
  const refusal: ComputedRef<Refusal | null> = computed(() => {
    const error = query.error.value;
    return error === null || error instanceof Refusal ? error : pageFailed();
  });
  return { data: query.data, refusal, loading: query.isPending, again: query.refetch };
}

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
