// Leaving a page with something typed asks first: nothing of it is kept anywhere but on the page.
import { watch } from "vue";
import { onBeforeRouteLeave, onBeforeRouteUpdate } from "vue-router";
import { mayLose, unsaved } from "@/api/unsaved";

/** `typed`: whether there is something that was not sent. */
export function useLeaving(typed: () => boolean): void {
  const mayLeave = (): boolean => !typed() || ((unsaved.value = true), mayLose());
  onBeforeRouteLeave(mayLeave);
  onBeforeRouteUpdate(mayLeave);
  watch(typed, (now) => (unsaved.value = now));
}
