// Who is signed in in this browser, and as whom this tab asks. The tokens themselves no script ever sees.
import { computed, ref } from "vue";
import type { components } from "@/api/generated/console";
import { noConnection, refusalOf } from "@/api/refusal";
import { loadLabels } from "@/words/labels";

export type Hat = components["schemas"]["HatAnswer"];

const CHOSEN = "lika-account";

export const hats = ref<Hat[]>([]);
const chosen = ref(sessionStorage.getItem(CHOSEN));
export const hat = computed(() => hats.value.find((each) => each.account === chosen.value) ?? hats.value[0] ?? null);

/** As this account from now on, in this tab only. */
export function wear(account: string): void {
  chosen.value = account;
  sessionStorage.setItem(CHOSEN, account);
}

export async function loadSession(): Promise<void> {
  const answer = await fetch("/console/bff/session");
  const session = (await answer.json()) as components["schemas"]["SessionAnswer"];
  hats.value = session.hats;
  if (hat.value !== null) wear(hat.value.account);
  await loadLabels(session.labels);
}

/** Throws `Refusal` where nobody was signed out: whoever leaves the machine has to know. */
export async function signOut(): Promise<void> {
  const headers = { "Lika-Account": hat.value?.account ?? "" };
  const answer = await fetch("/console/bff/session/endings", { method: "POST", headers }).catch(() => {
    throw noConnection();
  });
  if (!answer.ok) throw refusalOf(answer.status, await answer.json().catch(() => null));
  sessionStorage.removeItem(CHOSEN);
  location.replace("/console/sign-in");
}
