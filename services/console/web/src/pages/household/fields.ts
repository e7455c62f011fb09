// What is shown of a household and of a member, in this order; each value as text in the reader's language.
import type { Snapshot } from "@/pages/household/times";
import { words } from "@/pages/household/words";
import { codeLabel, fieldLabel } from "@/words/labels";
import { listed, say, type Pair } from "@/words/say";
import type { InjectionKey } from "vue";
import { ID, isEmpty } from "@/parts/reads_published";

/** The procedure of a case of the household whose facts are shown. */
export const PROCEDURE: InjectionKey<(caseId: unknown) => string | undefined> = Symbol("procedure");
/** What a member of that household is called; "" of anybody else. */
export const CALLED: InjectionKey<(person: string) => string> = Symbol("called");

/** Whether a value says something to people: an id does not. */
export const tells = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(tells) : !isEmpty(value) && !(typeof value === "string" && ID.test(value));

export type Member = Snapshot["members"][number];

export interface Field<Subject> {
  readonly name: string;
  readonly label: () => Pair;
  /** "" where nothing is known. */
  readonly text: (subject: Subject) => string;
}

const coded = (list: string, code: string | null): string => (code === null ? "" : say(codeLabel(list, code)));

function field<Subject>(name: string, text: (subject: Subject) => string, label: () => Pair = () => fieldLabel(name)): Field<Subject> {
  return { name, text, label };
}

export const HOUSEHOLD: readonly Field<Snapshot>[] = [
  field("persons", (of) => say(words.figures, { persons: of.members.length }), () => words.persons),
  field("attribute", (of) => coded("Attribute", of.attribute)),
  field("main_cause", (of) => coded("PovertyCause", of.main_cause)),
  field("other_causes", (of) => listed(of.other_causes.map((cause) => coded("PovertyCause", cause)))),
  field("income", ({ income }) =>
    income === null ? "" : say(words.perHead, { amount: income.per_head, from: income.period_from, to: income.period_to }),
  ),
  field("conditions", ({ conditions }) => conditionsText(conditions), () => words.conditions),
  field(
    "land",
    (of) =>
      of.arable_mu === null && of.forest_mu === null
        ? ""
        : say(words.mu, { arable: of.arable_mu ?? "—", forest: of.forest_mu ?? "—" }),
    () => words.land,
  ),
  field("housing_m2", (of) => (of.housing_m2 === null ? "" : say(words.m2, { size: of.housing_m2 }))),
];

export const MEMBER: readonly Field<Member>[] = [
  field("relation", (of) => coded("Relation", of.relation)),
  field("sex", (of) => coded("Sex", of.sex)),
  field("birth_year", (of) => String(of.birth_year)),
  field("school_stage", (of) => coded("SchoolStage", of.school_stage)),
  field("labour_skill", (of) => coded("LabourSkill", of.labour_skill)),
  field("disability_level", (of) => (of.disability_level === null ? "" : coded("DisabilityLevel", String(of.disability_level)))),
];

function conditionsText(conditions: Snapshot["conditions"]): string {
  if (conditions === null) return "";
  const lacking = Object.entries(conditions).filter(([, secured]) => !secured);
  if (lacking.length === 0) return say(words.secured);
  return say(words.unsecured, { what: listed(lacking.map(([name]) => say(fieldLabel(name)))) });
}
