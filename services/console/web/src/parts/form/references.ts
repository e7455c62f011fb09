// What a code or an id may name, to be chosen instead of typed: documents in force and what stands in one, or rows of a list.
import { computed } from "vue";
import { content, send } from "@/api/ask";
import { PAGE, pagesOf } from "@/api/pages";
import { useRead } from "@/api/read";
import type { Field } from "@/parts/form/draft";
import { isRow, type Row } from "@/parts/reads_published";

export type Choice = Field["choices"][number];

/** `kind`, `within`: of documents, and the list in one ("effect.terms.early_reasons"); `id`: which field of a row is named. */
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
/** Documents that are read to offer what stands in them before one is chosen. */
const FEW = 3;
export const LOOKED_UP = ["household", "person", "household_or_person"];

export function listOf(refers: string, name: string): List {
  const [where = "", id] = refers.split("#");
  const [service = "", first = "", kind = "", ...within] = where.split("/");
  const isDocument = first === "documents";
  return { service, kind: isDocument ? kind : "", within: isDocument ? within.join("/") : "", path: `/${where}`, id: id ?? name };
}

const documentsOf = (service: string, kind: string): string => `${service}/documents/${kind}`;
export const dependsOn = ({ service, kind }: List): string => documentsOf(service, kind);

/** Keys of the documents of a kind that were adopted, as their latest edition calls them. */
export function useDocuments(service: () => string, kind: () => string) {
  return useRead(
    () => ["documents to choose", service(), kind()],
    async () => {
      const read = async (cursor?: string) => {
        const query = new URLSearchParams({ kind: kind(), limit: String(PAGE), ...(cursor !== undefined && { cursor }) });
        const found = await send("GET", `/${service()}/documents?${query}`);
        return content<{ items: { key: string; zh: string; en: string; number: number; status: string }[]; next: string | null }>(found);
      };
      const { items } = await pagesOf(read, MOST);
      const adopted = items.filter((each) => each.status === "adopted");
      return [...new Map(adopted.map(({ key, zh, en, number }): [string, Edition] => [key, { code: key, zh, en, number }])).values()];
    },
    () => kind() !== "",
  );
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
    () => ["rows to choose", list()?.path],
    async () => {
      const found = await content<{ items?: Row[] } | Row[]>(await send("GET", `${list()?.path}?limit=${PAGE}`));
      return Array.isArray(found) ? found : (found.items ?? []);
    },
    () => list() !== null,
  );
}

/** What may be chosen; `null` while it is on its way or cannot be read: then it is typed. */
export function useChoices(refers: () => string, name: () => string, chosen: () => ReadonlyMap<string, string>) {
  const list = computed(() => (LOOKED_UP.includes(refers()) ? null : listOf(refers(), name())));
  const { data: documents } = useDocuments(() => list.value?.service ?? "", () => list.value?.kind ?? "");
  const numbers = computed(() => {
    if (!list.value?.within || documents.value === undefined) return [];
    const key = chosen().get(dependsOn(list.value));
    const those = documents.value.filter((each) => key === undefined || each.code === key);
    return those.length <= FEW ? those.map((each) => each.number) : [];
  });
  const { data: texts } = useTexts(() => list.value?.service ?? "", () => numbers.value);
  const { data: rows } = useRows(() => (list.value?.kind ? null : list.value));
  return computed((): readonly Choice[] | null => {
    if (list.value === null) return null;
    if (list.value.within) return numbers.value.length > 0 ? within(list.value.within, texts.value) : null;
    if (list.value.kind) return documents.value ?? null;
    return rows.value?.flatMap((row) => choiceOf(row, list.value?.id ?? "")) ?? null;
  });
}

function within(path: string, texts: readonly Row[] | undefined): Choice[] | null {
  const found = texts?.flatMap((text) => entriesAt(text, path).flatMap(entryOf));
  return found === undefined ? null : [...new Map(found.map((each) => [each.code, each])).values()];
}

function entriesAt(text: Row, path: string): unknown[] {
  const at = path.split(".").reduce<unknown>((part, name) => (isRow(part) ? part[name] : undefined), text);
  return Array.isArray(at) ? at : [];
}

function entryOf(entry: unknown): Choice[] {
  if (typeof entry === "string") return [{ code: entry, zh: entry, en: entry }];
  if (!isRow(entry)) return [];
  const code = String(entry["code"] ?? entry["key"] ?? entry["name"] ?? "");
  return code ? [{ code, zh: String(entry["zh"] ?? code), en: String(entry["en"] ?? code) }] : [];
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-/;
const CODE = /^[a-z_0-9]+$|^\d{9,12}$|T\d\d:/;
/** Of a row: names, numbers and days that say which it is; codes and ids do not. */
export function choiceOf(row: Row, id: string): Choice[] {
  const named = row[id];
  if (typeof named !== "string") return [];
  const said = Object.values(row).filter((value): value is string => typeof value === "string" && value.length < 60);
  const text = said.filter((value) => !ID.test(value) && !CODE.test(value)).slice(0, 4).join(" · ") || named;
  return [{ code: named, zh: text, en: text }];
}
