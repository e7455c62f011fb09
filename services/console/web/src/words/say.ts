// Every text stands in both languages beside each other, so that neither can be forgotten.
import { ref } from "vue";

export interface Pair {
  readonly zh: string;
  readonly en: string;
}
export type Language = keyof Pair;
export type Values = Readonly<Record<string, string | number>>;

const STORED = "lika-language";

function stored(): Language {
  return globalThis.localStorage?.getItem(STORED) === "en" ? "en" : "zh";
}

export const language = ref<Language>(stored());

export function choose(next: Language): void {
  language.value = next;
  localStorage.setItem(STORED, next);
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
}

/** The text in the reader's language; `{name}` stands for a value, `{name|one|many}` for the word that goes with the number. */
export function say(pair: Pair, values: Values = {}): string {
  return filled(pair, values)[language.value];
}

/** Both languages with their values. */
export function filled(pair: Pair, values: Values): Pair {
  return { zh: put(pair.zh, values), en: put(pair.en, values) };
}

/** Both languages, Chinese first: for refusals, prints and the sign-in. */
export function both(pair: Pair): string {
  return `${pair.zh} / ${pair.en}`;
}

function put(text: string, values: Values): string {
  return text.replace(/\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = values[name];
    return many === undefined ? String(value ?? whole) : String(value) === "1" ? (one ?? "") : many;
  });
}

/** Between several things in a line. */
export const separator = (): string => (language.value === "zh" ? "、" : ", ");

/** Several things, in a line. */
export const listed = (texts: readonly string[]): string => texts.join(separator());

/** Several pairs, in a line of each language. */
export const listedPairs = (pairs: readonly Pair[]): Pair => ({
  zh: pairs.map(({ zh }) => zh).join("、"), en: pairs.map(({ en }) => en).join(", "),
});

/** What is said one after the other, in a sentence. */
export const clauses = (...texts: readonly string[]): string => texts.filter(Boolean).join(language.value === "zh" ? "，" : ", ");

/** What something is called, and what it is. */
export const named = (name: string, text: string): string => name + (language.value === "zh" ? "：" : ": ") + text;

/** What is said besides, behind something. */
export const aside = (text: string | number): string => (language.value === "zh" ? `（${text}）` : ` (${text})`);

/** A description of the interface, "中文 / English". */
export function pairOf(line: string): Pair {
  const at = line.indexOf(" / ");
  return at < 0 ? { zh: line, en: line } : { zh: line.slice(0, at), en: line.slice(at + 3) };
}
