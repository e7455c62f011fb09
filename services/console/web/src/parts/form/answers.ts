// What was entered, as it is read back before it is sent.
import { isMembers, itemOf, type Draft, type Field, type Members } from "@/parts/form/draft";
import { nameOf } from "@/parts/form/named";
import { words } from "@/parts/form/words";
import { filled, listedPairs, type Pair } from "@/words/say";

/** A field with its text, or a group with its `inner` ones. */
export interface Answer {
  readonly place: string;
  readonly label: Pair;
  readonly text?: Pair;
  readonly inner?: readonly Answer[];
}

const same = (text: string): Pair => ({ zh: text, en: text });

/** Fields that were left empty are left out. */
export function answersOf(fields: readonly Field[], members: Members, at = ""): Answer[] {
  return fields.flatMap((field) => answers(field, members[field.name] ?? null, `${at}/${field.name}`, field));
}

function answers(field: Field, draft: Draft, place: string, label: Pair): Answer[] {
  if (draft === null || draft === "" || (Array.isArray(draft) && draft.length === 0)) return [];
  if (field.kind === "evidence" && isMembers(draft)) return [{ place, label, text: paper(field, draft) }];
  if (field.kind === "map" && Array.isArray(draft))
    return draft.map((row) => row.value).filter(isMembers).map((each, index) => ({
      place: `${place}/${index}`, label: same(String(each["name"])), text: same(String(each["text"])),
    }));
  if (Array.isArray(draft))
    return draft.flatMap((row, index) =>
      answers(itemOf(field), row.value, `${place}/${index}`, {
        zh: draft.length > 1 ? `${label.zh} ${index + 1}` : label.zh,
        en: draft.length > 1 ? `${label.en} ${index + 1}` : label.en,
      }),
    );
  if (isMembers(draft)) {
    const inner = answersOf(field.fields, draft, place);
    return inner.length > 0 ? [{ place, label, inner }] : [];
  }
  return [{ place, label, text: draft instanceof File ? same(draft.name) : textOf(field, draft) }];
}

function paper(field: Field, draft: Members): Pair {
  const kindField = field.fields.find((each) => each.choices.length > 0 || each.required);
  const kind = kindField ? textOf(kindField, draft[kindField.name] ?? "") : same("");
  const how = draft["file"] ? words.uploaded : words.onPaper;
  return { zh: filled(words.paper, { kind: kind.zh, how: how.zh }).zh, en: filled(words.paper, { kind: kind.en, how: how.en }).en };
}

function textOf(field: Field, draft: Draft): Pair {
  if (typeof draft === "boolean") return draft ? words.yes : words.no;
  const text = String(draft);
  if (field.choices.length === 0) return field.refers ? nameOf(text) : same(text);
  const chosen = text.split(",").map((code) => field.choices.find((each) => each.code === code) ?? same(code));
  return listedPairs(chosen);
}
