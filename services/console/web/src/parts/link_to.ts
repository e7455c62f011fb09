// Links of long lists. RouterLink is a component each, which follows whether it leads to where one is: of two hundred rows that
// is a third of what they take. Elsewhere it stays.
import { useRouter } from "vue-router";

/** What an `a` is given that leads to a page of the console: `/households/…?as_of=…`. */
export function useLinkTo() {
  const router = useRouter();
  const { base } = router.options.history;
  return (path: string) => ({
    href: base + path,
    onClick: (event: MouseEvent): void => {
      if (isForBrowser(event)) return;
      event.preventDefault();
      void router.push(path);
    },
  });
}

/** A new tab, a window, a file. */
const isForBrowser = (event: MouseEvent): boolean =>
  event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
