// The two days, and the one to compare with, stand in the address. A slider that is dragged changes them at once and the address
// when it rests.
import { computed, onScopeDispose, reactive, watch } from "vue";
import { useRoute, useRouter, type LocationQueryRaw } from "vue-router";
import { isDay } from "@/parts/days";

export type Name = "as_of" | "known_at" | "compare";
export const NAMES: readonly Name[] = ["as_of", "known_at", "compare"];
const REST = 250;

/** `today`: "" while it is not known yet. A day that is not in the address is today, and `compare` nothing. */
export function useAskedTimes(today: () => string) {
  const route = useRoute();
  const router = useRouter();
  const asked = reactive<Record<Name, string>>({ as_of: "", known_at: "", compare: "" });
  let waiting: ReturnType<typeof setTimeout> | undefined;

  function takeFromAddress(): void {
    for (const name of NAMES) asked[name] = String(route.query[name] ?? "");
  }
  watch(() => route.query, takeFromAddress, { immediate: true });
  onScopeDispose(() => clearTimeout(waiting));

  /** Days in the address that are none, or after today where only what was known counts: nothing is shown for those. */
  const wrong = computed(() =>
    NAMES.filter((name) => asked[name] !== "" && (!isDay(asked[name]) || (name !== "as_of" && today() !== "" && asked[name] > today()))),
  );

  function write(): void {
    clearTimeout(waiting);
    const others = Object.entries(route.query).filter(([name]) => !NAMES.includes(name as Name));
    const query: LocationQueryRaw = Object.fromEntries(others);
    for (const name of NAMES) if (asked[name] !== "") query[name] = asked[name];
    void router.replace({ query });
  }

  /** Today is written as nothing, so that an address that is kept goes on to mean today. */
  function ask(name: Name, day: string, dragged = false): void {
    asked[name] = name !== "compare" && day === today() ? "" : day;
    clearTimeout(waiting);
    if (dragged) waiting = setTimeout(write, REST);
    else write();
  }

  function backToToday(): void {
    for (const name of NAMES) asked[name] = "";
    write();
  }

  const times = computed(() => ({
    asOf: asked.as_of || today(),
    knownAt: asked.known_at || today(),
    compare: asked.compare,
  }));
  return { asked, wrong, times, ask, backToToday };
}
