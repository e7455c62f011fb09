import { content, send } from "@/api/ask";
import type { components } from "@/api/generated/registry";
import { useRead } from "@/api/read";

type Schemas = components["schemas"];
export type Case = Schemas["CaseAnswer"];
export type Steps = Schemas["StepsAnswer"];
export type Step = Schemas["StepAnswer"];
export type Act = Schemas["CaseActAnswer"];
export type Paper = Schemas["CitedAnswer"];
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
