// Where the acts about a household and its members stand, in the services that have some.
import type { Schooling } from "@/pages/household/schooling";

export const householdSubjects = (id: string): string[] => [`/registry/households/${id}`, `/assistance/households/${id}`];

/** `enrolment`: the latest, where one is known; acts about one that ended are none of today's. */
export function memberSubjects(id: string, person: string, enrolment: Schooling | null): string[] {
  const at = `/households/${id}/members/${person}`;
  const running = enrolment?.ended_because === null ? [`/registry${at}/enrolments/${enrolment.enrolment_id}`] : [];
  return [`/registry${at}`, ...running, `/assistance${at}`];
}
