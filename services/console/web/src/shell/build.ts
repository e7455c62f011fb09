// Whether the server has a newer build than this tab. A tab goes over to it when nothing that was typed would be lost.
import { reactive } from "vue";
import { unsaved } from "@/api/unsaved";

const DIGEST = /\/console\/assets\/([0-9a-f]+)\//;
const OFTEN = 60_000; // ms between two looks

export const build = reactive({ newer: false });
const own = DIGEST.exec(import.meta.url)?.[1];
let looked = 0;

/** Looks whether there is a newer one; `null` where the server does not answer. */
export async function isNewer(): Promise<boolean | null> {
  looked = Date.now();
  try {
    const page = await fetch("/console/", { cache: "no-store", headers: { Accept: "text/html" } });
    const digest = page.ok ? DIGEST.exec(await page.text())?.[1] : undefined;
    if (digest === undefined) return null;
    build.newer = own !== undefined && digest !== own;
    return build.newer;
  } catch {
    return null;
  }
}

/** The page anew from the server, at `path` of the console or where it is. */
export function openAnew(path?: string): void {
  unsaved.value = false; // who presses the button was told
  if (path === undefined) location.reload();
  else location.assign(`/console${path}`);
}

/** Whoever comes back to a tab after a while is told before they begin. */
export function watchBuild(): void {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && Date.now() - looked > OFTEN) void isNewer();
  });
}
