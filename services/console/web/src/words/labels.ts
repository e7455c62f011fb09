// Labels of facts, fields and codes, fetched once; the digest in their address changes with them.
import { shallowRef } from "vue";
import type { Pair } from "@/words/say";

type Labelled = Record<string, readonly [string, string]>;
interface Labels {
  facts: Labelled;
  fields: Labelled;
  codes: Record<string, Labelled>;
}

const labels = shallowRef<Labels>({ facts: {}, fields: {}, codes: {} });

export async function loadLabels(digest: string): Promise<void> {
  const answer = await fetch(`/console/bff/labels/${digest}`);
  if (answer.ok) labels.value = (await answer.json()) as Labels;
}

function pair(found: readonly [string, string] | undefined, name: string): Pair {
  return found === undefined ? { zh: name, en: name } : { zh: found[0], en: found[1] };
}

export const factLabel = (name: string): Pair => pair(labels.value.facts[name], name);

/** `owner`: the fact or form that the field stands in, where the same name means something of its own there. */
export const fieldLabel = (name: string, owner = ""): Pair =>
  pair(labels.value.fields[`${owner}.${name}`] ?? labels.value.fields[name], name);

export const codeLabel = (list: string, code: string): Pair => pair(labels.value.codes[list]?.[code], code);

/** The codes of a list, in its order. */
export const codes = (list: string): string[] => Object.keys(labels.value.codes[list] ?? {});
