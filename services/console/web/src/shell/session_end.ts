// When the session is about to end: whoever types is told in time, and signs in again in another tab.
import { computed, onScopeDispose, ref, watchEffect } from "vue";
import { hat, lookForRenewal, remaining } from "@/api/session";

/** Milliseconds before the end. */
const BEFORE = 10 * 60_000;
/** Milliseconds between two looks: a machine that slept wakes up with timers that are late. */
const OFTEN = 15_000;

const CLOCK = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });

/** At what time of day it ends, once that is near; "" until then. */
export function useSessionEnd() {
  const isNear = ref(false);
  const look = (): void => {
    isNear.value = hat.value !== null && remaining(hat.value) < BEFORE;
  };
  watchEffect(look);
  const timer = setInterval(look, OFTEN);
  const seen = (): void => {
    if (document.visibilityState === "visible" && isNear.value) void lookForRenewal();
  };
  document.addEventListener("visibilitychange", seen);
  onScopeDispose(() => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", seen);
  });
  return computed(() => (isNear.value && hat.value !== null ? CLOCK.format(new Date(hat.value.until)) : ""));
}
