// What a code or an id may name, to be chosen instead of typed: documents in force and what stands in one, rows of a list, or what
// was recorded of that which the form is about.
import { computed } from "vue";
import { content, send } from "@/api/ask";
import { PAGE, pagesOf } from "@/api/pages";
import { useRead } from "@/api/read";
import type { Ids } from "@/parts/form/context";
import type { Field } from "@/parts/form/draft";
import { isRow, type Row } from "@/parts/reads_published";
import { factLabel } from "@/words/labels";
import type { Language } from "@/words/say";

export type Choice = Field["choices"][number];

/** `kind`, `within`: of documents, and the list in one ("effect.terms.early_reasons"); `id`: which field of a row is named, after
 * the list in a record where they are rows of one ("history.id"). */
interface List {
  readonly service: string;
  readonly kind: string;
  readonly within: string;
  readonly path: string;
  readonly id: string;
}
interface Edition extends Choice {
  readonly number: number;
}

/** Documents or rows of one list that are offered. */
const MOST = 400;
/** Documents that are read to offer or name what stands in them where none is chosen. */
const FEW = 3;
export const LOOKED_UP = ["household", "person", "household_or_person"];

/** The kinds of documents of which one is named, where it may be of several. */
export const listsOf = (refers: string, name: string): readonly List[] => refers.split("|").map((each) => listOf(each, name));

export function listOf(refers: string, name: string): List {
  const [where = "", id] = refers.split("#");
  const [service = "", first = "", kind = "", ...within] = where.split("/");
  const isDocument = first === "documents";
  return { service, kind: isDocument ? kind : "", within: isDocument ? within.join("/") : "", path: `/${where}`, id: id ?? name };
}

/** With these ids in its path, and a whole page of it where it needs none; `null` where one is missing. */
function ofThose(list: List, ids: Ids): List | null {
  const path = list.path.replace(/\{(\w+)\}/g, (whole, name: string) => ids.get(name) || whole);
  return path.includes("{") ? null : { ...list, path: path === list.path && !path.includes("?") ? `${path}?limit=${PAGE}` : path };
}

const documentsOf = (service: string, kind: string): string => `${service}/documents/${kind}`;
export const dependsOn = ({ service, kind }: List): string => documentsOf(service, kind);

/** Keys of the documents of a kind that were adopted, as their latest edition calls them. */
export function useDocuments(lists: () => readonly List[]) {
  return useRead(
    () => ["documents to choose", ...lists().map((each) => documentsOf(each.service, each.kind))],
    async () => (await Promise.all(lists().map(adopted))).flat(),
    () => lists().length > 0,
  );
}

/** What a code in a document is called: by the document that stands beside it, in whichever of its editions has it; else by those
 * of its kind, where they are few. */
export function useNameWithin(refers: () => string, code: () => string, key: () => string | undefined) {
  const list = computed(() => listOf(refers(), ""));
  const { data: editions } = useRead(() => ["editions", documentsOf(list.value.service, list.value.kind)], () => editionsOf(list.value));
  const numbers = computed(() => {
    const all = editions.value ?? [];
    const those = key() === undefined ? all : all.filter((each) => each.code === key());
    return new Set(those.map((each) => each.code)).size <= FEW ? those.map((each) => each.number) : [];
  });
  const { data: texts } = useTexts(() => list.value.service, () => numbers.value);
  return computed(() => within(list.value.within, texts.value)?.find((each) => each.code === code()));
}

async function adopted(list: List): Promise<Edition[]> {
  const found = await editionsOf(list);
  return [...new Map(found.map((each): [string, Edition] => [each.code, each])).values()];
}

async function editionsOf({ service, kind }: List): Promise<Edition[]> {
  const read = async (cursor?: string) => {
    const query = new URLSearchParams({ kind, limit: String(PAGE), ...(cursor !== undefined && { cursor }) });
    const found = await send("GET", `/${service}/documents?${query}`);
    return content<{ items: { key: string; zh: string; en: string; number: number; status: string }[]; next: string | null }>(found);
  };
  const { items } = await pagesOf(read, MOST);
  return items.filter((each) => each.status === "adopted").map(({ key, zh, en, number }) => ({ code: key, zh, en, number }));
}

/** Texts of these editions, which never change. */
export function useTexts(service: () => string, numbers: () => readonly number[]) {
  return useRead(
    () => ["texts", service(), ...numbers()],
    () => Promise.all(numbers().map(async (number) => {
      const found = await content<{ content: string }>(await send("GET", `/${service()}/documents/${number}`));
      return JSON.parse(found.content) as Row;
    })),
    () => numbers().length > 0,
  );
}

function useRows(list: () => List | null) {
  return useRead(
    () => ["rows to choose", list()?.path, list()?.id],
    async () => {
      const { path = "", id = "" } = list() ?? {};
      const found = await content<Row | Row[]>(await send("GET", path));
      const rows = Array.isArray(found) ? found : rowsOf(found, id.split(".").slice(0, -1));
      return rows.filter((row) => !row["annulled_by"] && row["annulled"] !== true);
    },
    () => list() !== null,
  );
}

/** Rows of a page, each with what of it is named, or those of a list in a record; one thing alone is a list of one. */
function rowsOf(found: Row, within: readonly string[]): Row[] {
  const items = found["items"];
  if (!Array.isArray(items)) return entriesAt(found, within.join(".")).filter(isRow);
  const [part = ""] = within;
  return items.filter(isRow).map((row) => (isRow(row[part]) ? { ...row, ...row[part] } : row));
}

/** What may be chosen; `null` while it is on its way or cannot be read: then it is typed. */
export function useChoices(
  refers: () => string, name: () => string, chosen: () => ReadonlyMap<string, string>, ids: Ids,
) {
  const list = computed(() => (LOOKED_UP.includes(refers()) ? null : ofThose(listOf(refers(), name()), ids)));
  const { data: documents } = useDocuments(() => (list.value?.kind ? listsOf(refers(), name()) : []));
  const numbers = computed(() => {
    if (!list.value?.within || documents.value === undefined) return [];
    const key = chosen().get(dependsOn(list.value));
    const those = documents.value.filter((each) => key === undefined || each.code === key);
    return those.length <= FEW ? those.map((each) => each.number) : [];
  });
  const { data: texts } = useTexts(() => list.value?.service ?? "", () => numbers.value);
  const { data: rows } = useRows(() => (list.value?.kind ? null : list.value));
  const isOfCases = computed(() => rows.value?.some((row) => typeof row[PROCEDURE] === "string") ?? false);
  const { data: procedures } = useDocuments(() => (isOfCases.value && list.value ? [{ ...list.value, kind: PROCEDURE }] : []));
  return computed((): readonly Choice[] | null => {
    if (list.value === null) return null;
    if (list.value.within) return numbers.value.length > 0 ? within(list.value.within, texts.value) : null;
    if (list.value.kind) return documents.value ?? null;
    return rows.value === undefined ? null : choicesOf(rows.value, list.value.id.split(".").at(-1) ?? "", procedures.value);
  });
}

function within(path: string, texts: readonly Row[] | undefined): Choice[] | null {
  const found = texts?.flatMap((text) => entriesAt(text, path).flatMap(entryOf));
  return found === undefined ? null : [...new Map(found.map((each) => [each.code, each])).values()];
}

function entriesAt(text: Row, path: string): unknown[] {
  const at = path.split(".").reduce<unknown>((part, name) => (isRow(part) ? part[name] : undefined), text);
  return Array.isArray(at) ? at : at === undefined || at === null ? [] : [at];
}

function entryOf(entry: unknown): Choice[] {
  if (typeof entry === "string") return [{ code: entry, zh: entry, en: entry }];
  if (!isRow(entry)) return [];
  const code = String(entry["code"] ?? entry["key"] ?? entry["name"] ?? "");
  if (code) return [named(code, entry)];
  return Object.entries(entry).flatMap(([key, each]) => (isRow(each) ? [named(key, each)] : []));
}

const named = (code: string, entry: Row): Choice => ({ code, zh: String(entry["zh"] ?? code), en: String(entry["en"] ?? code) });

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-|^[a-z]+\/[a-z_-]+-([0-9a-f]{8}-|\d+\/\d+$)/;
const CODE = /^[a-z_0-9]+$|^\d{9,12}$|T\d\d:/;
const KIND = "type";
/** Of a case: the key of the document that says how it goes. */
const PROCEDURE = "procedure";

/** Rows by what says which each is: facts by their kind, names, numbers and days; codes and ids do not. Rows of one id are one. */
export function choicesOf(rows: readonly Row[], id: string, procedures: readonly Choice[] = []): Choice[] {
  const of = new Map<string, Row[]>();
  for (const row of rows) {
    const code = row[id];
    if (typeof code === "string") of.set(code, [...(of.get(code) ?? []), row]);
  }
  return [...of].map(([code, same]) => {
    const told = (language: Language): string => [...new Set(same.flatMap((row) => textsOf(row, language, procedures)))].join(" · ") || code;
    return { code, zh: told("zh"), en: told("en") };
  });
}

function textsOf(row: Row, language: Language, procedures: readonly Choice[]): string[] {
  if (typeof row["zh"] === "string" && typeof row["en"] === "string") return [String(row[language])];
  const said = Object.entries(row).filter((each): each is [string, string] => typeof each[1] === "string" && each[1].length < 60);
  const isOther = (name: string): boolean => (language === "zh" ? name.endsWith("_en") : `${name}_en` in row && row[`${name}_en`] !== null);
  const texts = said.filter(([name, value]) => name !== KIND && !isOther(name) && !ID.test(value) && !CODE.test(value)).map(([, value]) => value);
  const procedure = procedures.find((each) => each.code === row[PROCEDURE]);
  const kinds = [...(typeof row[KIND] === "string" ? [factLabel(row[KIND])[language]] : []), ...(procedure ? [procedure[language]] : [])];
  return [...kinds, ...texts].slice(0, 4);
}
