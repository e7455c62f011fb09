// The acts at a household and where each stands. Which of them the caller may do, the services say.
import { actLink } from "@/parts/links";
import { allowed, type Act, type May } from "@/parts/may";

/** In this order: what a visit finds out, who lives there, where, what was wrong. */
const AT_HOUSEHOLD: readonly (readonly [act: string, path: string])[] = [
  ["record_visit", "visits"],
  ["survey_household", "surveys"],
  ["survey_income", "incomes"],
  ["survey_conditions", "conditions"],
  ["assign_category", "categories"],
  ["join_member", "members"],
  ["report_birth", "reported-births"],
  ["change_head", "heads"],
  ["split_household", "splits"],
  ["move_household", "moves"],
  ["correct_recording", "recordings"],
  ["correct_facts", "corrections"],
];
const AT_MEMBER: readonly (readonly [act: string, path: string])[] = [
  ["survey_member", "surveys"],
  ["record_document", "documents"],
  ["record_common_residence", "common-residence"],
  ["enter_authorisation", "authorisations"],
  ["refuse_authorisation", "authorisation-refusals"],
  ["withdraw_authorisation", "authorisation-withdrawals"],
  ["enrol_pupil", "enrolments"],
  ["annul_enrolment_acts", "enrolment-annulments"],
  ["record_departure", "departures"],
  ["record_death", "deaths"],
  ["report_departure", "reported-departures"],
  ["report_death", "reported-deaths"],
];

/** About an enrolment that runs. */
const AT_ENROLMENT: readonly (readonly [act: string, path: string])[] = [
  ["place_pupil", "placements"],
  ["count_attendance", "attendance"],
  ["end_enrolment", "endings"],
];

/** None where the household is outside the caller's area today. */
export function householdActs(may: May, id: string, division: string): Act[] {
  if (!division.startsWith(may.division)) return [];
  const opening = may.acts.find((each) => each.act === "open_case");
  const open =
    opening === undefined
      ? []
      : [{ act: "open_case", zh: opening.zh, en: opening.en, to: actLink({ act: "open_case", path: "/registry/cases", form: { subject: id } }) }];
  return [...allowed(may, `/registry/households/${id}`, AT_HOUSEHOLD), ...open];
}

/** `enrolment`: the one that runs, where one does. */
export function memberActs(may: May, id: string, division: string, person: string, enrolment: string | null): Act[] {
  if (!division.startsWith(may.division)) return [];
  const member = `/registry/households/${id}/members/${person}`;
  const running = enrolment === null ? [] : allowed(may, `${member}/enrolments/${enrolment}`, AT_ENROLMENT);
  return [...allowed(may, member, AT_MEMBER), ...running];
}

/** Whether the caller opens personal data of households there for a purpose. */
export const mayDisclose = (may: May, division: string): boolean =>
  division.startsWith(may.division) && may.acts.some((each) => each.act === "disclose_personal_data");
