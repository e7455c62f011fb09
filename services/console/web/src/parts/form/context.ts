// What every field of a form needs of the form that it stands in.
import { inject, provide, type InjectionKey, type Ref } from "vue";
import type { Faults } from "@/parts/form/faults";

interface FormContext {
  readonly service: string;
  readonly faults: Ref<Faults>;
}

const KEY: InjectionKey<FormContext> = Symbol("form");

export const provideForm = (context: FormContext): void => provide(KEY, context);

export function useForm(): FormContext {
  const context = inject(KEY);
  if (!context) throw new Error("a field stands in a form");
  return context;
}

/** The id of the control at a place. */
export const controlId = (place: string): string => `at${place}`;
