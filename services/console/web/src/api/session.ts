// Who is signed in in this browser, and as whom this tab asks. The tokens themselves no script ever sees.
import { computed, ref } from "vue";
import type { components } from "@/api/generated/console";
import { noConnection, refusalOf } from "@/api/refusal";
import { standing } from "@/api/standing";
import { unsaved } from "@/api/unsaved";
import { loadLabels } from "@/words/labels";

export type Hat = components["schemas"]["HatAnswer"];

const CHOSEN = "lika-account";

export const hats = ref<Hat[]>([]);
/** Whether people sign in at an identity provider here. */
export const hasProvider = ref(false);
const chosen = ref(sessionStorage.getItem(CHOSEN));
/** Nobody, until it is said whom: a tab that takes another account by itself would read and decide as the wrong one. */
export const hat = computed(() => hats.value.find((each) => each.account === chosen.value) ?? onlyHat.value);
const onlyHat = computed(() => (chosen.value === null && hats.value.length === 1 ? (hats.value[0] ?? null) : null));

/** As this account from now on, in this tab only. */
export function wear(account: string): void {
  chosen.value = account;
  sessionStorage.setItem(CHOSEN, account);
}

/** The page that has to come before any that reads. */
export function whereFirst(): "/sign-in" | "/account" | null {
  if (hat.value !== null) return null;
  return hats.value.length > 0 ? "/account" : "/sign-in";
}

/** By this machine's clock, in milliseconds. */
let readAt = 0;

async function readSession(): Promise<components["schemas"]["SessionAnswer"]> {
  const answer = await fetch("/console/bff/session");
  readAt = Date.now();
  return (await answer.json()) as components["schemas"]["SessionAnswer"];
}

/** Milliseconds until this account's session ends: counted from what the server said, whatever time this machine thinks it is. */
export const remaining = (of: Hat): number => of.seconds_left * 1000 - (Date.now() - readAt);

/** Whoever signed in again, in whatever tab, goes on here. An account that is no longer signed in stays at hand: what was typed
 * as it is on the page. */
export async function lookForRenewal(): Promise<void> {
  const session = await readSession().catch(() => null);
  if (session?.hats.some((each) => each.account === hat.value?.account)) hats.value = session.hats;
}

export async function loadSession(): Promise<void> {
  const session = await readSession();
  hats.value = session.hats;
  hasProvider.value = session.provider;
  if (hat.value !== null) wear(hat.value.account);
  await loadLabels(session.labels);
}

/** The other tabs of this browser hear of the end: nothing stays in them for whoever comes next. */
const endings = new BroadcastChannel("lika-endings");
endings.onmessage = () => {
  leave("/console/sign-in");
};

function leave(address: string): void {
  unsaved.value = false;
  sessionStorage.removeItem(CHOSEN);
  // Browsers keep a page that was left, and show it again to whoever goes back.
  document.body.replaceChildren();
  addEventListener("pageshow", () => {
    location.reload();
  });
  location.replace(address);
}

/** Whoever leaves the machine has to know where it did not succeed. */
export async function signOut(): Promise<void> {
  const headers = { "Lika-Account": hat.value?.account ?? "" };
  const answer = await fetch("/console/bff/session/endings", { method: "POST", headers }).catch(() => null);
  const body: unknown = await answer?.json().catch(() => null);
  if (answer?.ok) {
    endings.postMessage("ended");
    leave((body as components["schemas"]["EndingAnswer"] | null)?.provider ?? "/console/sign-in");
  } else {
    standing.stillSignedIn = answer === null ? noConnection() : refusalOf(answer.status, body);
  }
}
