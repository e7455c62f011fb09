// Whom a field about a member of the household can name: they are offered by what they are to the head and by name, masked.
import { answered, registry } from "@/api/ask";
import { useRead } from "@/api/read";
import type { Field } from "@/parts/form/draft";
import { codeLabel } from "@/words/labels";

type Choice = Field["choices"][number];

/** `household`: none where the command is about no household. */
export const useMembers = (household: () => string) =>
  useRead(
    () => ["household", household(), "members to choose"],
    async (): Promise<Choice[]> => {
      const found = await answered(registry.GET("/households/{household_id}", { params: { path: { household_id: household() } } }));
      return found.members.map((member) => {
        const { zh, en } = codeLabel("Relation", member.relation);
        return { code: member.person_id, zh: `${zh} ${member.name}`, en: `${en} ${member.name}` };
      });
    },
    () => household() !== "",
  );

export const namesMembers = (fields: readonly Field[]): boolean =>
  fields.some((field) => field.kind === "member" || namesMembers(field.fields) || (field.item ? namesMembers([field.item]) : false));

/** The fields with the members to choose from. */
export const withMembers = (fields: readonly Field[], members: readonly Choice[]): Field[] => fields.map((field) => chosenFrom(field, members));

function chosenFrom(field: Field, members: readonly Choice[]): Field {
  if (field.kind === "member") return { ...field, kind: "choice", choices: [...members] };
  return { ...field, fields: withMembers(field.fields, members), ...(field.item && { item: chosenFrom(field.item, members) }) };
}
