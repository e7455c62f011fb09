import { content, send } from "@/api/ask";
import type { components } from "@/api/generated/registry";
import { useRead } from "@/api/read";

type Schemas = components["schemas"];
export type Case = Schemas["CaseAnswer"];
export type Steps = Schemas["StepsAnswer"];
export type Step = Schemas["StepAnswer"];
export type Act = Schemas["CaseActAnswer"];
export type Paper = Schemas["CitedAnswer"];
export type Shown = Schemas["ShownBeforeAnswer"];
export type Consequences = Schemas["ConsequencesAnswer"];

/** What a correction is about. */
export const CORRECTION = "register_record";

async function read<T>(path: string): Promise<T> {
  return content<T>(await send("GET", path));
}

/** A case as it stands, and its steps: every service has cases of one shape. */
export function useCase(service: () => string, id: () => string) {
  const path = (): string => `/${service()}/cases/${id()}`;
  return useRead(
    () => ["case", service(), id()],
    async () => {
      const [found, steps] = await Promise.all([read<Case>(path()), read<Steps>(`${path()}/steps`)]);
      return { found, steps };
    },
  );
}

/** What follows from a correction; a case of another kind has none. */
export function useConsequences(service: () => string, id: () => string, wanted: () => boolean) {
  return useRead(
    () => ["consequences", service(), id()],
    () => read<Consequences>(`/${service()}/cases/${id()}/consequences`),
    wanted,
  );
}

/** What was shown before something in this case was decided, and kept with it; another service keeps none. */
export function useShown(service: () => string, id: () => string, household: () => string | null) {
  return useRead(
    () => ["shown", service(), id(), household()],
    async () => {
      const found = await read<Schemas["ShownBeforeAnswer"][]>(`/registry/households/${household()}/shown-consequences`);
      return found.filter((each) => each.case_id === id() && each.decided_at !== null);
    },
    () => service() === "registry" && household() !== null,
  );
}
