// Commands. One key per intent: whatever happens on the way, sending again records nothing twice.
import { ref, shallowRef } from "vue";
import { remember, send } from "@/api/ask";
import { refresh } from "@/api/read";
import { Refusal } from "@/api/refusal";
import { unsaved } from "@/api/unsaved";

export interface Accepted {
  readonly position?: Record<string, number>;
  readonly warnings?: readonly { code: string; zh: string; en: string }[];
  readonly [field: string]: unknown;
}

/** Sends one command until it is accepted: `key` stays the same as long as what is sent does. */
export function useOrder() {
  const sending = ref(false);
  const refusal = shallowRef<Refusal | null>(null);
  let intent = { content: "", key: "" };

  /** The answer; `null` while another is on its way, or when it was refused (`refusal` says why). */
  async function order(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Accepted | null> {
    if (sending.value) return null;
    const content = JSON.stringify([path, body]);
    if (intent.content !== content) intent = { content, key: newKey() };
    sending.value = true;
    try {
      const sent = { "Content-Type": "application/json", "Idempotency-Key": intent.key, ...headers };
      const init: RequestInit = body === null ? { headers: sent } : { headers: sent, body: JSON.stringify(body) };
      const accepted = (await (await send("POST", path, init)).json()) as Accepted;
      refusal.value = null;
      intent = { content: "", key: "" };
      remember(accepted.position);
      unsaved.value = false;
      await refresh();
      return accepted;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // A refusal was decided: whoever sends the same again asks anew. What passes may have been recorded: the key stays.
      if (!error.isPassing) intent = { content: "", key: "" };
      refusal.value = error;
      return null;
    } finally {
      sending.value = false;
    }
  }

  return { order, sending, refusal };
}

/** Without crypto.randomUUID, which browsers keep from pages that came over http:// from another machine. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
