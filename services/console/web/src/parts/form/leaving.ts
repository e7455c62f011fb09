// Leaving a page with something typed asks first: nothing of it is kept anywhere but on the page.
import { watch } from "vue";
import { onBeforeRouteLeave, onBeforeRouteUpdate } from "vue-router";
import { unsaved } from "@/api/unsaved";
import { words } from "@/parts/form/words";
import { say } from "@/words/say";

/** `typed`: whether there is something that was not sent. */
export function useLeaving(typed: () => boolean): void {
  const mayLeave = (): boolean => !typed() || window.confirm(say(words.leave));
  onBeforeRouteLeave(mayLeave);
  onBeforeRouteUpdate(mayLeave);
  watch(typed, (now) => (unsaved.value = now));
}
