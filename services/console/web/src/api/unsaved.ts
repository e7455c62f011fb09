// Whether something was typed that no service has yet: then the page is not loaded anew by itself.
import { ref } from "vue";
import { say } from "@/words/say";
import { words } from "@/words/shell";

export const unsaved = ref(false);

/** Whatever is typed into a form counts, unless the form only searches. Navigation and an accepted order end it. */
export function watchInput(root: HTMLElement): void {
  root.addEventListener("input", ({ target }) => {
    const form = target instanceof HTMLElement ? target.closest("form") : null;
    if (form !== null && form.role !== "search") unsaved.value = true;
  });
}

/** Whether what was typed, if anything was, may be given up: whoever typed it is asked. */
export function mayLose(): boolean {
  if (unsaved.value && !window.confirm(say(words.leave))) return false;
  unsaved.value = false;
  return true;
}

addEventListener("beforeunload", (event) => {
  if (unsaved.value) event.preventDefault();
});
