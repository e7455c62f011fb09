// Personal values that were opened: in this tab's memory only, for a few minutes, and no longer than the page that asked.
import { computed, ref, shallowRef } from "vue";
import type { components } from "@/api/generated/registry";

export type Disclosed = components["schemas"]["DisclosedHousehold"];

export const SHOWN_FOR = 5 * 60;
const TICK = 1_000;

const opened = shallowRef<ReadonlyMap<string, Disclosed>>(new Map());
const until = ref(0);
const now = ref(0);
let clock: ReturnType<typeof setInterval> | undefined;

/** Seconds until the values are hidden again; 0 where none are shown. */
export const secondsLeft = computed(() => (opened.value.size === 0 ? 0 : Math.max(0, Math.ceil((until.value - now.value) / 1_000))));
export const disclosed = computed<readonly Disclosed[]>(() => [...opened.value.values()]);

export function hide(): void {
  clearInterval(clock);
  opened.value = new Map();
}

/** Adds to what is shown; the few minutes begin anew for all of it. */
export function show(households: readonly Disclosed[]): void {
  opened.value = new Map([...opened.value, ...households.map((each) => [each.household_id, merged(each)] as const)]);
  now.value = Date.now();
  until.value = now.value + SHOWN_FOR * 1_000;
  clearInterval(clock);
  clock = setInterval(() => {
    now.value = Date.now();
    if (now.value >= until.value) hide();
  }, TICK);
}

/** With the fields that were opened of the household before. */
function merged(found: Disclosed): Disclosed {
  const before = opened.value.get(found.household_id);
  const members = Object.entries(found.members).map(([id, values]) => [id, { ...before?.members[id], ...values }] as const);
  return {
    ...found,
    household: { ...before?.household, ...found.household },
    members: { ...before?.members, ...Object.fromEntries(members) },
  };
}

/** A value in plain; `undefined` where it was not opened. Without `person` the household's own. */
export function plainValue(household: string, field: string, person?: string): string | undefined {
  const found = opened.value.get(household);
  return (person === undefined ? found?.household : found?.members[person])?.[field];
}

// The tab is put away or closed: nothing is left in a page that a browser keeps for "back".
addEventListener("pagehide", hide);
