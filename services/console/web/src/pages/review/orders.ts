import { ref } from "vue";
import { useOrder } from "@/api/order";
import type { components } from "@/api/generated/registry";
import type { Case, DueStep } from "@/pages/review/reads";

type Answer = components["schemas"]["BatchAnswer"];
export type Result = Answer["results"][number];

/** One act on many cases. Sent again after a lost connection it goes on under the same key, and records nothing twice. */
export function useBatch() {
  const { order, sending, refusal } = useOrder();
  const done = ref<{ recorded: number; refused: ReadonlyMap<string, Result> } | null>(null);

  async function send(step: DueStep, form: Record<string, unknown>, cases: readonly Case[]): Promise<boolean> {
    const body = { act: step.act, form, cases: cases.map((each) => ({ case_id: each.case_id })) };
    const accepted = await order(`/${step.service}/cases/batches`, body);
    if (accepted === null) return false;
    const { recorded, results } = accepted as unknown as Answer;
    const refused = results.filter((result) => !result.recorded);
    done.value = { recorded, refused: new Map(refused.map((result) => [result.case_id, result])) };
    return true;
  }

  return { send, sending, refusal, done };
}
