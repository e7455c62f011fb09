// What is wrong, at the field that it is about. A place is the path of a field within the body, as a JSON pointer has it
// ("/members/0/name").
import type { Problem } from "@/api/refusal";
import { isMembers, itemOf, type Draft, type Field, type Members } from "@/parts/form/draft";
import { isId } from "@/parts/form/numbers";
import { LOOKED_UP } from "@/parts/form/references";
import { words } from "@/parts/form/words";
import type { Pair } from "@/words/say";

export type Faults = ReadonlyMap<string, Pair>;

/** What can be told before anything is sent: fields that must be filled in and are not, and texts of another shape. */
export function faultsIn(fields: readonly Field[], members: Members, at = ""): Map<string, Pair> {
  const found = new Map<string, Pair>();
  for (const field of fields) collect(field, members[field.name] ?? null, `${at}/${field.name}`, found);
  return found;
}

function collect(field: Field, draft: Draft, at: string, found: Map<string, Pair>): void {
  if (draft === null || draft === "") {
    if (field.required) found.set(at, words.required);
    return;
  }
  if (field.kind === "evidence" && isMembers(draft) && !draft["file"] && draft["held_on_paper"] !== true)
    found.set(at, words.noFile);
  if (field.kind === "list" && Array.isArray(draft)) {
    if (field.required && draft.length < (field.fewest ?? 0)) found.set(at, words.required);
    draft.forEach((row, index) => collect(itemOf(field), row.value, `${at}/${index}`, found));
  } else if (isMembers(draft)) {
    for (const each of field.fields) collect(each, draft[each.name] ?? null, `${at}/${each.name}`, found);
  } else if (typeof draft === "string") {
    const fault = faultOf(field, draft);
    if (fault) found.set(at, fault);
  }
}

function faultOf(field: Field, text: string): Pair | null {
  if (field.kind === "integer" && !/^-?\d{1,15}$/.test(text.trim())) return words.notInteger;
  if (field.kind === "decimal" && !/^-?\d+(\.\d+)?$/.test(text.trim())) return words.notDecimal;
  if (LOOKED_UP.includes(field.refers ?? "") && !isId(text.trim())) return words.noNumber;
  if (field.kind === "division" && !new RegExp(field.pattern ?? "").test(text)) return words.noDivision;
  return null;
}

/** The service's errors at the nearest field that is drawn; `elsewhere`: those about none. */
export function placed(problem: Problem, drawn: ReadonlySet<string>): { faults: Faults; elsewhere: Problem["errors"] } {
  const faults = new Map<string, Pair>();
  const elsewhere: NonNullable<Problem["errors"]> = [];
  for (const error of problem.errors ?? []) {
    const place = nearest(error.pointer?.replace(/^#/, "").replaceAll("~1", "/").replaceAll("~0", "~") ?? "", drawn);
    if (place) faults.set(place, { zh: error.title, en: error.title_en });
    else elsewhere.push(error);
  }
  return { faults, elsewhere };
}

function nearest(place: string, drawn: ReadonlySet<string>): string {
  let at = place;
  while (at && !drawn.has(at)) at = at.slice(0, at.lastIndexOf("/"));
  return at;
}

/** Every place that is drawn. */
export function placesOf(fields: readonly Field[], members: Members, at = ""): string[] {
  return fields.flatMap((field) => inner(field, members[field.name] ?? null, `${at}/${field.name}`));
}

function inner(field: Field, draft: Draft, at: string): string[] {
  if (Array.isArray(draft) && field.kind === "list")
    return [at, ...draft.flatMap((row, index) => inner(itemOf(field), row.value, `${at}/${index}`))];
  return isMembers(draft) ? [at, ...placesOf(field.fields, draft, at)] : [at];
}

/** How a place is called: "成员 1 › 姓名". */
export function calledAt(fields: readonly Field[], place: string): Pair {
  const zh: string[] = [];
  const en: string[] = [];
  let among = fields;
  let last: Field | undefined;
  for (const part of place.split("/").slice(1)) {
    if (/^\d+$/.test(part) && last?.item) {
      zh.push(`${zh.pop() ?? ""} ${Number(part) + 1}`);
      en.push(`${en.pop() ?? ""} ${Number(part) + 1}`);
      among = last.item.fields;
      continue;
    }
    last = among.find((field) => field.name === part);
    if (!last) break;
    zh.push(last.zh);
    en.push(last.en);
    among = last.fields;
  }
  return { zh: zh.join(" › "), en: en.join(" › ") };
}

/** Kinds of paper that a refusal asks for, as its figures name them. */
export function papersWanted(problem: Problem): string[] {
  const { missing, uploaded } = (problem.facts ?? {}) as { missing?: unknown; uploaded?: unknown };
  return [missing, uploaded].flatMap((kinds) => (Array.isArray(kinds) ? kinds.filter((kind) => typeof kind === "string") : []));
}
