// Commands. One key per intent: whatever happens on the way, sending again records nothing twice.
import { ref, shallowRef } from "vue";
import { content, remember, send } from "@/api/ask";
import { save } from "@/api/files";
import { refresh } from "@/api/read";
import { formerDecided, Refusal } from "@/api/refusal";
import { hat } from "@/api/session";
import { unsaved } from "@/api/unsaved";

export interface Accepted {
  readonly position?: Record<string, number>;
  readonly warnings?: readonly { code: string; zh: string; en: string }[];
  readonly [field: string]: unknown;
}

/** A command that was sent and whose answer was lost: it may have been recorded. `content`: what was sent under its key, empty
 * where it was more than one thing. */
interface Lost {
  readonly key: string;
  readonly content: string;
}

/** Per account and path, for as long as the tab lives: leaving the page and coming back is no new intent. */
const lost = new Map<string, Lost[]>();

/** Sends one command until something is decided about it. Where an answer was lost, the next order to the same path goes under
 * the same key, changed or not: the service records it once, or says that what was sent before got through. */
export function useOrder() {
  const sending = ref(false);
  const refusal = shallowRef<Refusal | null>(null);

  /** The answer; `null` while another is on its way, or when it was refused (`refusal` says why). */
  async function order(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Accepted | null> {
    if (sending.value) return null;
    const place = `${hat.value?.account} ${path}`;
    const text = body === null ? "" : JSON.stringify(body);
    const former = taken(place, text);
    const key = former?.key ?? newKey();
    sending.value = true;
    try {
      const sent = { "Content-Type": "application/json", "Idempotency-Key": key, ...headers };
      const init: RequestInit = body === null ? { headers: sent } : { headers: sent, body: text };
      const accepted = await taking(await send("POST", path, init), path);
      refusal.value = null;
      remember(accepted.position);
      unsaved.value = false;
      void refresh(); // not awaited: it is recorded, however long reading takes
      return accepted;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusal.value = error;
      if (error.mayBeRecorded) keep(place, { key, content: former && former.content !== text ? "" : text });
      else if (former && error.problem.code === "idempotency_key_reused") {
        refusal.value = formerDecided();
        void refresh();
      } else if (former && (former.content !== text || error.keepsContent)) keep(place, former);
      return null;
    } finally {
      sending.value = false;
    }
  }

  return { order, sending, refusal };
}

/** What a command gives out as a file is saved, under the name it was given. */
async function taking(answer: Response, path: string): Promise<Accepted> {
  if (answer.headers.get("Content-Type")?.includes("json") ?? true) return content<Accepted>(answer);
  return { file: await save(answer, path.split("/").pop() ?? "") };
}

/** The attempt that this one repeats, or else replaces. It is not another's meanwhile. */
function taken(place: string, content: string): Lost | undefined {
  const attempts = lost.get(place) ?? [];
  const at = attempts.findIndex((each) => each.content === content);
  return attempts.splice(at, 1)[0];
}

function keep(place: string, attempt: Lost): void {
  lost.set(place, [...(lost.get(place) ?? []), attempt]);
}

/** Without crypto.randomUUID, which browsers keep from pages that came over http:// from another machine. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
