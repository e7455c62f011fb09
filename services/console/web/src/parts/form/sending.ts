// A form from typing to the answer: filled in, checked, tried, sent. What was typed stays until it is recorded.
import { computed, reactive, ref, shallowRef } from "vue";
import { content, send } from "@/api/ask";
import { newKey, useOrder, type Accepted } from "@/api/order";
import { Refusal } from "@/api/refusal";
import type { components } from "@/api/generated/registry";
import { bodyOf, membersOf, type Form, type Members } from "@/parts/form/draft";
import { useApplied } from "@/parts/form/application";
import { faultsIn, placed, placesOf, type Faults } from "@/parts/form/faults";

export type Tried = components["schemas"]["DryRunAnswer"];
export type Foreseen = Tried | "collecting" | "failed";
export type Step = "filling" | "checking" | "done";

/** `path`: where the command goes; `basedOn`: id of the newest fact that it is decided on. */
export function useSending(form: Form, path: string, settled: Readonly<Record<string, unknown>>, basedOn: string) {
  const members = reactive<Members>(membersOf(form.fields, settled));
  const fields = useApplied(form, members, settled);
  const step = ref<Step>("filling");
  const faults = shallowRef<Faults>(new Map());
  const refusal = shallowRef<Refusal | null>(null);
  const tried = shallowRef<Tried | null>(null);
  const trying = ref(false);
  /** What would follow in all services from what is read back; `null` where the form shows none. */
  const foreseen = shallowRef<Foreseen | null>(null);
  const accepted = shallowRef<Accepted | null>(null);
  const { order, sending, refusal: refused } = useOrder();
  const begun = JSON.stringify(bodyOf(form.fields, membersOf(form.fields, settled)));

  /** What was refused last, to be asked for again: a trial is never sent in earnest by it. */
  const again = shallowRef<() => Promise<void>>(sendNow);

  const body = computed(() => (form.content_type ? bodyOf(fields.value, members) : null));
  const unsaved = computed(() => step.value !== "done" && JSON.stringify(body.value ?? {}) !== begun);
  const seen = ref(basedOn);
  const headers = computed<Record<string, string>>(() => (seen.value && form.based_on ? { "Lika-Based-On": seen.value } : {}));

  function isComplete(): boolean {
    faults.value = faultsIn(fields.value, members);
    refusal.value = null;
    tried.value = null;
    return faults.value.size === 0;
  }

  function check(): void {
    if (!isComplete()) return;
    step.value = "checking";
    if (form.consequences) void foresee();
  }

  /** A trial of what is typed, under a key of its own. */
  async function trial(asked: string): Promise<Tried> {
    const init: RequestInit = {
      headers: { "Content-Type": "application/json", "Idempotency-Key": newKey(), ...headers.value },
      ...(body.value ? { body: JSON.stringify(body.value) } : {}),
    };
    return content<Tried>(await send("POST", `${path}?dry_run=true${asked}`, init));
  }

  /** That it cannot be shown keeps nobody from sending. */
  async function foresee(): Promise<void> {
    foreseen.value = "collecting";
    try {
      foreseen.value = await trial("&consequences=true");
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      foreseen.value = "failed";
    }
  }

  /** The service's errors at their fields; what is about none stays with the refusal. */
  function refuse(no: Refusal): void {
    const { faults: found, elsewhere } = placed(no.problem, new Set(placesOf(fields.value, members)));
    faults.value = found;
    // What a rule advises is of no use where it is this very form.
    const next = (no.problem.next ?? []).filter((each) => each.path !== path);
    refusal.value = new Refusal({ ...no.problem, errors: elsewhere ?? [], next });
    step.value = no.keepsContent ? step.value : "filling";
  }

  /** What would be recorded, or every rule that refuses. Records nothing. */
  async function tryOut(): Promise<void> {
    if (trying.value || !isComplete()) return;
    again.value = tryOut;
    trying.value = true;
    try {
      tried.value = await trial("");
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refuse(error);
    } finally {
      trying.value = false;
    }
  }

  /** Back from what was read to what is typed: whoever changes it reads it again before it is sent. */
  function change(): void {
    refusal.value = null;
    step.value = "filling";
  }

  /** What was recorded meanwhile was read: what is sent next is decided on that. */
  function read(newest: string): void {
    seen.value = newest;
    change();
  }

  async function sendNow(): Promise<void> {
    again.value = sendNow;
    const found = foreseen.value;
    const shown = found !== null && typeof found !== "string" ? found.consequences?.shown : undefined;
    const answer = await order(path, body.value, shown ? { ...headers.value, "Lika-Shown": shown } : headers.value);
    if (answer) {
      refusal.value = null;
      accepted.value = answer;
      step.value = "done";
    } else if (refused.value) refuse(refused.value);
  }

  return { members, fields, step, faults, refusal, tried, trying, foreseen, accepted, sending, unsaved, seen, check, change, read, tryOut, sendNow, again };
}
