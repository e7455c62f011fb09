// A file on its way to the evidence store.
import { computed, ref, shallowRef } from "vue";
import { newKey } from "@/api/order";
import { Refusal } from "@/api/refusal";
import { upload } from "@/api/upload";

/** As a form cites it. */
export interface Citation {
  readonly kind: string;
  readonly file: { readonly id: string; readonly sha256: string };
}
interface Uploaded {
  readonly position?: Record<string, number>;
  readonly evidence: Citation;
}

/** What the evidence store takes. */
export const ACCEPTED = ".pdf,.jpg,.jpeg,.png,.webp,.heic,.tif,.tiff,.docx,.xlsx,.ofd,.txt,image/*";

/** One file at a time. `again` sends the same file under the same key: it is kept once, whatever broke before. */
export function useFile(service: string, stored: (citation: Citation) => void) {
  const file = shallowRef<File | null>(null);
  const share = ref(0);
  const sending = ref(false);
  const refusal = shallowRef<Refusal | null>(null);
  let key = "";
  let kindSent = "";

  async function again(): Promise<void> {
    if (!file.value || sending.value) return;
    sending.value = true;
    refusal.value = null;
    share.value = 0;
    const content = new FormData();
    content.append("kind", kindSent);
    content.append("file", file.value);
    try {
      const answer = await upload<Uploaded>(`/${service}/evidence`, content, key, (sent) => (share.value = sent));
      stored(answer.evidence);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusal.value = error;
    } finally {
      sending.value = false;
    }
  }

  function take(chosen: File, kind: string): Promise<void> {
    file.value = chosen;
    kindSent = kind;
    key = newKey();
    return again();
  }

  return { file, take, again, sending, refusal, percent: computed(() => Math.floor(share.value * 100)) };
}
