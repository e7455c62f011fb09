// What the services publish that they can be asked for, and what stands in the answers.
import { answered, bff } from "@/api/ask";
import type { components } from "@/api/generated/console";
import { useRead } from "@/api/read";
import type { Field } from "@/parts/form/draft";
import { words } from "@/words/read";
import { language, type Language } from "@/words/say";

export type ReadSummary = components["schemas"]["ReadSummary"];
export type ReadForm = components["schemas"]["ReadForm"];
export type Row = Readonly<Record<string, unknown>>;

export const useReadsOf = (service: () => string) =>
  useRead(() => ["reads", service()], () => answered(bff.GET("/reads/{service}", { params: { path: { service: service() } } })));

export const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);

/** Ids that name a page of the console; all others are for the acts. */
export const PAGE_OF: Readonly<Record<string, string>> = { household_id: "households", case_id: "cases" };

/** Of a thing, a fact or a document. */
export const ID = /^(([a-z]+[:/])?([a-z-]+-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\/\d+)?|[a-z]+\/documents\/\d+)$/;

/** Names of fields that hold the code of a division. */
export const PLACE = /(division|county|jurisdiction)$/;

/** Ends the name of a field that says in English what another says in Chinese. */
const ENGLISH = "_en";
const LANGUAGES: readonly Language[] = ["zh", "en"];

/** Whether it is a text in both languages. */
export const isPair = (field: Field): boolean =>
  field.fields.length === LANGUAGES.length && field.fields.every((each) => LANGUAGES.some((name) => name === each.name));

/** Fields that say something in these records, in their order; ids of what has no page say nothing, nor do those of facts, and a
 * household that is there to be opened is shown by its number already; of what is said in both languages, the reader's. */
export const saying = (fields: readonly Field[], rows: readonly Row[]): Field[] => {
  const opens = fields.some((field) => field.name === "household_id" && isOfHousehold(field));
  const isOther = fields.some((field) => field.name === language.value) ? LANGUAGES.filter((each) => each !== language.value) : [];
  const isForeign = ({ name }: Field, row: Row): boolean =>
    language.value === "zh" ? name.endsWith(ENGLISH) && name.slice(0, -ENGLISH.length) in row : !isEmpty(row[name + ENGLISH]);
  const isTwice = (field: Field, row: Row): boolean =>
    (opens && field.name === "national_no" && !isEmpty(row["household_id"])) || isOther.some((each) => each === field.name) || isForeign(field, row);
  const found = fields.filter((field) => rows.some((row) => says(field, row) && !isTwice(field, row)));
  return isOther.length > 0 ? found.map((field) => (field.name === language.value ? { ...field, ...words.inWords } : field)) : found;
};

function says(field: Field, row: Row): boolean {
  const value = row[field.name];
  if (isEmpty(value) || namesCodes(value)) return false;
  return field.name in PAGE_OF || isOfHousehold(field, row) || (field.kind !== "id" && ![value].flat().every((each) => typeof each === "string" && ID.test(each)));
}

/** Whether it only says what codes of the same answer are called: list → code → text in both languages. */
const namesCodes = (value: unknown): boolean =>
  isRow(value) && Object.values(value).some(isRow) &&
  Object.values(value).every((codes) => isRow(codes) && Object.values(codes).every((text) => isRow(text) && Object.keys(text).sort().join() === "en,zh"));

/** Whether it is money, or another measure that is read down a column: its name ends with the unit. */
export const isAmount = (field: Field): boolean => /\((元|%)\)$/.test(field.zh);

/** Whether it names a household, which people know by a number; of a row that may be about a person, its kind says so. */
export const isOfHousehold = (field: Field, row: Row = {}): boolean =>
  field.refers === "household" || (field.refers === "household_or_person" && Object.values(row).includes("household"));

export const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
