// Labels of facts, fields and codes, fetched once; the digest in their address changes with them.
import { computed, shallowRef } from "vue";
import type { Pair } from "@/words/say";

type Labelled = Record<string, readonly [string, string]>;
interface Labels {
  facts: Labelled;
  fields: Labelled;
  codes: Record<string, Labelled>;
  /** Fact → field → the list that its codes are of. */
  lists: Record<string, Record<string, string>>;
  /** Fact → field → what it names: a document, or what stands in one. */
  documents: Record<string, Record<string, string>>;
}

const labels = shallowRef<Labels>({ facts: {}, fields: {}, codes: {}, lists: {}, documents: {} });

/** Where they cannot be read, names and codes stand in their place. */
export async function loadLabels(digest: string): Promise<void> {
  try {
    const answer = await fetch(`/console/bff/labels/${digest}`);
    if (answer.ok) labels.value = (await answer.json()) as Labels;
  } catch {
    return;
  }
}

function pair(found: readonly [string, string] | undefined, name: string): Pair {
  return found === undefined ? { zh: name, en: name } : { zh: found[0], en: found[1] };
}

/** Labels of a field in all owners of one kind: `*Member*.national_no`. */
const patterns = computed(() =>
  Object.entries(labels.value.fields)
    .filter(([name]) => name.includes("*"))
    .map(([name, label]) => ({ label, owners: new RegExp(`^${name.replaceAll(".", "\\.").replaceAll("*", ".*")}$`) })),
);

export const factLabel = (name: string): Pair => pair(labels.value.facts[name], name);

/** `owner`: the fact or form that the field stands in, where the same name means something of its own there. */
export const fieldLabel = (name: string, owner = ""): Pair =>
  pair(
    labels.value.fields[`${owner}.${name}`] ??
      (owner === "" ? undefined : patterns.value.find(({ owners }) => owners.test(`${owner}.${name}`))?.label) ??
      labels.value.fields[name],
    name,
  );

export const codeLabel = (list: string, code: string): Pair => pair(labels.value.codes[list]?.[code], code);

/** A code list in its order. */
export const codesOf = (list: string): { code: string; label: Pair }[] =>
  Object.keys(labels.value.codes[list] ?? {}).map((code) => ({ code, label: codeLabel(list, code) }));

/** What a fact's field names: `registry/documents/procedure`; "" of none. `service`: whose fact it is. */
export function documentOf(fact: string, field: string, service: string): string {
  const refers = labels.value.documents[fact]?.[field] ?? "";
  return refers.startsWith("documents/") ? `${service}/${refers}` : refers;
}

/** A value of a fact's field: its label where the field holds codes, else as it stands. */
export function codeOf(fact: string, field: string, value: string): Pair {
  const list = labels.value.lists[fact]?.[field];
  return list === undefined ? { zh: value, en: value } : codeLabel(list, value);
}
