// What every field of a form needs of the form that it stands in.
import { inject, provide, reactive, type InjectionKey, type Ref } from "vue";
import type { Faults } from "@/parts/form/faults";

export type Ids = Pick<ReadonlyMap<string, string>, "get">;

interface FormContext {
  readonly service: string;
  readonly faults: Ref<Faults>;
  /** The household that the form is about; "" of none. */
  readonly household: () => string;
  /** In the command's path, or chosen in this form: of what its lists are. */
  readonly ids: Ids;
  /** What was chosen in this form of a list that others depend on: by list, a document's key. */
  readonly chosen: Map<string, string>;
}

const KEY: InjectionKey<FormContext> = Symbol("form");

export function provideForm(context: Pick<FormContext, "service" | "faults"> & Partial<FormContext>): FormContext {
  const whole = { household: () => "", ids: new Map<string, string>(), chosen: reactive(new Map<string, string>()), ...context };
  provide(KEY, whole);
  return whole;
}

export function useForm(): FormContext {
  const context = inject(KEY);
  if (!context) throw new Error("a field stands in a form");
  return context;
}

/** The id of the control at a place. */
export const controlId = (place: string): string => `at${place}`;
