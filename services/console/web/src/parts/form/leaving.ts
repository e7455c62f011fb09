// Leaving a page with something typed asks first: nothing of it is kept anywhere but on the page.
import { onBeforeUnmount, onMounted } from "vue";
import { onBeforeRouteLeave, onBeforeRouteUpdate } from "vue-router";
import { words } from "@/parts/form/words";
import { say } from "@/words/say";

export function useLeaving(unsaved: () => boolean): void {
  const mayLeave = (): boolean => !unsaved() || window.confirm(say(words.leave));
  onBeforeRouteLeave(mayLeave);
  onBeforeRouteUpdate(mayLeave);
  const closing = (event: BeforeUnloadEvent): void => {
    if (unsaved()) event.preventDefault();
  };
  onMounted(() => window.addEventListener("beforeunload", closing));
  onBeforeUnmount(() => window.removeEventListener("beforeunload", closing));
}
