import { computed, ref, watch, type Ref } from "vue";
import { answered, audit, registry } from "@/api/ask";
import { useRead } from "@/api/read";
import { hat } from "@/api/session";
import type { Times } from "@/pages/household/times";

const RESTED = 400;

/** All days and all days of knowledge at once: stepping asks nothing. */
export const usePeriods = (id: () => string) =>
  useRead(
    () => ["household", id(), "periods"],
    () => answered(registry.GET("/households/{household_id}/periods", { params: { path: { household_id: id() } } })),
  );

/** Every fact that is known now, with the days on which it was known to be void. */
export const useHistory = (id: () => string) =>
  useRead(
    () => ["household", id(), "history"],
    () => answered(audit.GET("/households/{household_id}/history", { params: { path: { household_id: id() } } })),
  );

/** The same question asked of the audit once the days rest: its own reckoning of the state, and what the print names. */
export function useProvenance(id: () => string, times: Ref<Times>, enabled: () => boolean) {
  const rested = ref(times.value);
  watch(times, (next, _, onCleanup) => {
    const timer = setTimeout(() => (rested.value = next), RESTED);
    onCleanup(() => clearTimeout(timer));
  });
  const read = useRead(
    () => ["household", id(), "provenance", rested.value.asOf, rested.value.knownAt],
    () =>
      answered(
        audit.GET("/households/{household_id}/history", {
          params: {
            path: { household_id: id() },
            query: { as_of: rested.value.asOf, known_at: rested.value.knownAt },
          },
        }),
      ),
    () => enabled() && rested.value.asOf !== "" && rested.value.knownAt !== "",
  );
  const current = computed(() => {
    const { asOf, knownAt } = times.value;
    const answer = read.data.value;
    return answer !== undefined && answer.as_of === asOf && answer.known_at === knownAt ? answer : null;
  });
  return { answer: current, refusal: read.refusal };
}

/** Who read it, up to the end of that day. */
export const useReadings = (id: () => string, until: () => string, enabled: () => boolean) =>
  useRead(
    () => ["household", id(), "readings", until()],
    () =>
      answered(
        audit.GET("/households/{household_id}/readings", {
          params: { path: { household_id: id() }, query: { until: until(), limit: 200 } },
        }),
      ),
    enabled,
  );

/** Names of a division and of those it lies in, from the county down. */
export const useDivisionPath = (code: () => string) =>
  useRead(
    () => ["division", code()],
    () => {
      const codes = [6, 9, 12].map((length) => code().slice(0, length)).filter((each, at, all) => all.indexOf(each) === at);
      return Promise.all(
        codes.map((each) => answered(registry.GET("/divisions/{code}", { params: { path: { code: each } } }))),
      );
    },
    () => code() !== "",
  );

export const isAuditor = computed(() => hat.value?.roles.includes("auditor") ?? false);
