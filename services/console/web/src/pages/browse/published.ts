// By what is published of them a list or a record is shown that no page knows.
import { answered, bff } from "@/api/ask";
import { useRead } from "@/api/read";
import type { Field } from "@/parts/form/draft";
import { isPair, isRow, PLACE, saying, type ReadSummary, type Row } from "@/parts/reads_published";
import type { Pair } from "@/words/say";

export const useReadForm = (service: () => string, act: () => string | null) =>
  useRead(
    () => ["reads", service(), act()],
    () => answered(bff.GET("/reads/{service}/{act}", { params: { path: { service: service(), act: act() ?? "" } } })),
    () => act() !== null,
  );

const parts = (path: string): string[] => path.split("/").slice(1);
const isOpen = (part: string | undefined): boolean => part?.startsWith("{") ?? false;
const openParts = (template: string): number => parts(template).filter(isOpen).length;

/** Whether a path is one of the template's. */
const stands = (template: string, path: string): boolean => {
  const given = parts(path);
  return parts(template).length === given.length && parts(template).every((part, at) => isOpen(part) || part === given[at]);
};

/** The read that stands at a path; one that is said in full goes before one with a part left open. */
export const readAt = (reads: readonly ReadSummary[], path: string): ReadSummary | null =>
  reads.filter((each) => stands(each.path, path)).sort((one, other) => openParts(one.path) - openParts(other.path))[0] ?? null;

/** What else can be read of the subject at a path, each with where it stands: nothing of a whole collection. */
export const readsBelow = (reads: readonly ReadSummary[], path: string): { read: ReadSummary; path: string }[] => {
  if (reads.some((read) => read.path === path)) return [];
  return reads.flatMap((read) => {
    const wanted = parts(read.path);
    const rest = wanted.slice(parts(path).length);
    const isBelow = rest.length > 0 && !rest.some(isOpen) && stands(`/${wanted.slice(0, parts(path).length).join("/")}`, path);
    return isBelow && openParts(read.path) > 0 ? [{ read, path: `${path}/${rest.join("/")}` }] : [];
  });
};

/** A value of a record, or of what it is made of: by the first field of that name. */
export function valueIn(row: Row, name: string): unknown {
  if (name in row) return row[name];
  const inner = Object.values(row).filter(isRow);
  return inner.map((each) => valueIn(each, name)).find((each) => each !== undefined);
}

/** Where the fields of a record lead: templates filled in, as far as all their parts are there. */
export const subjectsOf = (templates: readonly string[], row: Row): string[] =>
  templates.flatMap((template) => {
    const filled = parts(template).map((part) => (isOpen(part) ? valueIn(row, part.slice(1, -1)) : part));
    return filled.every((part) => (typeof part === "string" || typeof part === "number") && part !== "") ? [`/${filled.join("/")}`] : [];
  });

/** `of`: the value in a record. */
export interface Column {
  readonly name: string;
  readonly title: Pair;
  readonly field: Field;
  readonly of: (row: Row) => unknown;
}

/** As the columns of a table: what a record is made of stands beside its own fields, under both names where one alone would stand
 * twice. */
export function columnsOf(fields: readonly Field[], rows: readonly Row[]): Column[] {
  const found = flat(fields, rows, []);
  const isTwice = (column: Flat): boolean => found.some((other) => other !== column && other.field.zh === column.field.zh);
  const joined = (column: Flat): Pair => ({
    zh: [...column.within, column.field].map((each) => each.zh).join(" "), en: [...column.within, column.field].map((each) => each.en).join(": "),
  });
  return found.map((column) => ({ ...column, title: isTwice(column) ? joined(column) : column.field }));
}

type Flat = Omit<Column, "title"> & { readonly within: readonly Field[] };

const flat = (fields: readonly Field[], rows: readonly Row[], within: readonly Field[]): Flat[] =>
  saying(fields, rows).flatMap((field) => {
    const own = (row: Row): unknown => row[field.name];
    if (field.kind !== "object" || isPair(field)) return [{ name: field.name, field, within, of: own }];
    const asRow = (row: Row): Row => (isRow(own(row)) ? (own(row) as Row) : {});
    const inner = flat(field.fields, rows.map(asRow), [...within, field]);
    return inner.map((column) => ({ ...column, name: `${field.name}.${column.name}`, of: (row: Row) => column.of(asRow(row)) }));
  });

/** Whether a field of a record is a list of records, which stands as a table of its own. */
export const isTable = (field: Field): boolean => field.kind === "list" && (field.item?.fields.length ?? 0) > 0;

/** Codes of divisions anywhere in a record, to be asked for by their names. */
export const placesIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.flatMap(placesIn)
  : !isRow(value) ? []
  : Object.entries(value).flatMap(([name, each]) => (PLACE.test(name) && typeof each === "string" && /^\d{2,12}$/.test(each) ? [each] : placesIn(each)));

/** What a record is called by, as far as it says it. */
export const namesOf = (fields: readonly Field[], record: Row): Field[] => saying(fields, [record]).filter((field) => field.names);
