// Which cases go into a batch: nothing by itself, exceptions one by one only, all others together or one by one.
import { computed, ref } from "vue";
import type { Case } from "@/pages/review/reads";

export const isException = (each: Case): boolean => each.flags.length > 0 || each.objections > 0 || each.returned;

function byPlaceAndNumber(one: Case, other: Case): number {
  const key = (each: Case): string => `${each.division} ${each.national_no ?? ""} ${each.case_id}`;
  return key(one) < key(other) ? -1 : 1;
}

/** `cases`: as they are listed now; whatever is listed no more is in no batch either. */
export function useTaking(cases: () => readonly Case[]) {
  /** Each with whether it was an exception when it was ticked. */
  const chosen = ref(new Map<string, boolean>());
  const listed = computed(() => [...cases()].sort(byPlaceAndNumber));
  const exceptions = computed(() => listed.value.filter(isException));
  const clean = computed(() => listed.value.filter((each) => !isException(each)));
  const ordered = computed(() => [...exceptions.value, ...clean.value]);
  const ticked = computed(() => ordered.value.filter((each) => chosen.value.has(each.case_id)));
  /** Ticked without exceptions, of which one came up since: whoever ticked them has not seen it. */
  const dropped = computed(() => ticked.value.filter((each) => isException(each) && !chosen.value.get(each.case_id)));
  const taken = computed(() => ticked.value.filter((each) => !dropped.value.includes(each)));
  const takenIds = computed(() => new Set(taken.value.map((each) => each.case_id)));
  const isWholeGroup = computed(() => clean.value.length > 0 && clean.value.every((each) => takenIds.value.has(each.case_id)));

  function set(ids: readonly string[], isIn: boolean): void {
    const next = new Map(chosen.value);
    const flagged = new Set(exceptions.value.map((each) => each.case_id));
    for (const id of ids) {
      if (isIn) next.set(id, flagged.has(id));
      else next.delete(id);
    }
    chosen.value = next;
  }

  return {
    exceptions,
    clean,
    ordered,
    taken,
    dropped,
    isWholeGroup,
    isTaken: (id: string): boolean => takenIds.value.has(id),
    toggle: (id: string): void => set([id], !takenIds.value.has(id)),
    takeClean: (isIn: boolean): void =>
      set(
        clean.value.map((each) => each.case_id),
        isIn,
      ),
    leaveAll: (): void => {
      chosen.value = new Map();
    },
  };
}
