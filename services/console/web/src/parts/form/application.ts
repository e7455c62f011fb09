// What an application says of its own depends on the procedure that is chosen: its fields stand in the place of names and texts that
// nobody knows.
import { computed, watch, type ComputedRef } from "vue";
import { membersOf, type Field, type Form, type Members } from "@/parts/form/draft";
import { listOf, useDocuments, useTexts } from "@/parts/form/references";
import { isRow } from "@/parts/reads_published";

type Application = Field["applications"][number];
const PROCEDURE = "/documents/procedure";

/** The fields of the form as the procedure has them that is chosen in it. */
export function useApplied(form: Form, members: Members, settled: Readonly<Record<string, unknown>>): ComputedRef<readonly Field[]> {
  const asking = form.fields.find((field) => field.applications?.length);
  const naming = form.fields.find((field) => field.refers?.endsWith(PROCEDURE));
  const list = naming?.refers ? listOf(naming.refers, naming.name) : null;
  if (!asking || !naming || list === null) return computed(() => form.fields);
  const { data: documents } = useDocuments(() => [list]);
  const number = computed(() => documents.value?.find((each) => each.code === members[naming.name])?.number);
  const { data: texts } = useTexts(() => list.service, () => (number.value === undefined ? [] : [number.value]));
  const application = computed(() => {
    const effect = texts.value?.[0]?.["effect"];
    return isRow(effect) ? asking.applications.find((each) => fits(each, effect)) : undefined;
  });
  const fields = computed(() => form.fields.flatMap((field) => (field === asking ? asked(field, application.value) : [field])));
  watch(application, (now) => {
    members[asking.name] = now ? membersOf(now.fields, (settled[asking.name] ?? {}) as Record<string, unknown>) : [];
  }, { immediate: true, flush: "sync" });
  return fields;
}

function asked(field: Field, application: Application | undefined): Field[] {
  return application ? [{ ...field, kind: "object", required: true, nullable: false, fields: application.fields }] : [];
}

/** Whether a procedure that brings this about is one of the application's. */
export function fits(application: Application, effect: Readonly<Record<string, unknown>>): boolean {
  const terms = isRow(effect["terms"]) ? effect["terms"] : {};
  return (
    application.fact === effect["fact"] &&
    Object.entries(application.where).every(([name, value]) => JSON.stringify(terms[name]) === JSON.stringify(value))
  );
}
