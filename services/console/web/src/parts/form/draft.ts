// What is being typed, and what becomes of it when it is sent. A draft holds texts as they were typed, so that nothing is lost
// on the way: money and days stay text, and what is wrong is for the service to say.
import type { components } from "@/api/generated/console";

export type Form = components["schemas"]["FormAnswer"];
export type Field = components["schemas"]["FormField"];
export type Draft = string | boolean | File | null | Row[] | Members;
export interface Members {
  [name: string]: Draft;
}
/** An entry of a list; `id` stays with it when one before it goes. */
export interface Row {
  readonly id: number;
  value: Draft;
}

let rows = 0;
export const newRow = (value: Draft): Row => ({ id: ++rows, value });

export const isMembers = (draft: Draft | undefined): draft is Members =>
  typeof draft === "object" && draft !== null && !Array.isArray(draft) && !(draft instanceof File);

/** Of a form that nothing was typed into yet. `settled`: fields that were decided before. */
export function membersOf(fields: readonly Field[], settled: Readonly<Record<string, unknown>> = {}): Members {
  return Object.fromEntries(fields.map((field) => [field.name, draftOf(field, settled[field.name] ?? field.default)]));
}

/** A value of the interface as it stands in a field. */
export function draftOf(field: Field, value: unknown): Draft {
  switch (field.kind) {
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "file":
      return null;
    case "list":
      return listOf(field, Array.isArray(value) ? value : []);
    case "map":
      return Object.entries(isRecord(value) ? value : {}).map(([name, text]) => newRow({ name, text: textOf(text) }));
    case "object":
    case "evidence":
      return isRecord(value) || (field.required && !field.nullable)
        ? membersOf(field.fields, isRecord(value) ? value : {})
        : null;
    default:
      return textOf(value);
  }
}

function listOf(field: Field, values: readonly unknown[]): Row[] {
  const item = itemOf(field);
  const empty = Array.from({ length: Math.max(0, (field.fewest ?? 0) - values.length) }, () => undefined);
  return [...values, ...empty].map((value) => newRow(draftOf(item, value)));
}

export function itemOf(field: Field): Field {
  if (!field.item) throw new Error(`${field.name} is no list`);
  return field.item;
}

/** The body of the command. What was left empty is left out. */
export function bodyOf(fields: readonly Field[], members: Members): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of fields) {
    const value = valueOf(field, members[field.name] ?? null);
    if (value !== undefined) body[field.name] = value;
  }
  return body;
}

/** `undefined`: nothing was entered. Lists keep their empty entries, so that what is wrong with one is found at its place. */
export function valueOf(field: Field, draft: Draft): unknown {
  if (draft === null || draft === "" || draft instanceof File) return undefined;
  switch (field.kind) {
    case "integer":
      return typeof draft === "string" && /^-?\d{1,15}$/.test(draft.trim()) ? Number(draft) : draft;
    case "instant":
      return typeof draft === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(draft) ? `${draft}:00+08:00` : draft;
    case "list":
      return Array.isArray(draft) && (draft.length > 0 || field.required)
        ? draft.map((row) => valueOf(itemOf(field), row.value) ?? null)
        : undefined;
    case "map":
      return Array.isArray(draft) && draft.length > 0 ? mapOf(draft) : undefined;
    case "object":
    case "evidence":
      return isMembers(draft) ? bodyOf(field.fields, draft) : undefined;
    default:
      return draft;
  }
}

function mapOf(drafts: readonly Row[]): Record<string, unknown> {
  const pairs = drafts.map((row) => row.value).filter(isMembers);
  return Object.fromEntries(pairs.filter((each) => each["name"]).map((each) => [each["name"], each["text"]]));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}
