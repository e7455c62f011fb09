import { answered, assistance, registry } from "@/api/ask";
import { useRead } from "@/api/read";
import type { components } from "@/api/generated/registry";

/** Those that have procedures. */
export const SERVICES = ["registry", "assistance"] as const;
export type CaseService = (typeof SERVICES)[number];
export type Case = components["schemas"]["CaseAnswer"];
export type DueStep = components["schemas"]["DueStepAnswer"] & { service: CaseService };

/** What one batch may hold. */
export const MOST = 1_000;
const PAGE = 200;

/** Steps that wait for the reader's office, with how many cases each. */
export function useDueSteps(division: () => string) {
  return useRead(
    () => ["review", "steps", division()],
    async (): Promise<DueStep[]> => {
      const params = { params: { query: { division: division() } } };
      const [one, other] = await Promise.all([
        answered(registry.GET("/cases/due-steps", params)),
        answered(assistance.GET("/cases/due-steps", params)),
      ]);
      return [
        ...one.map((step) => ({ ...step, service: "registry" as const })),
        ...other.map((step) => ({ ...step, service: "assistance" as const })),
      ];
    },
  );
}

/** Its open cases, exceptions first, as many as a batch may hold. */
export function useDueCases(step: () => DueStep, division: () => string) {
  return useRead(
    () => ["review", "cases", step().service, step().procedure, step().due, division()],
    async () => {
      const chosen = step();
      const found: Case[] = [];
      let cursor: string | null | undefined;
      while (found.length < MOST) {
        const query = {
          procedure: chosen.procedure, due: chosen.due, division: division(), open: true, exceptions_first: true, limit: PAGE,
          ...(cursor ? { cursor } : {}),
        };
        const params = { params: { query } };
        const page = await answered(chosen.service === "registry" ? registry.GET("/cases", params) : assistance.GET("/cases", params));
        found.push(...page.items);
        cursor = page.next;
        if (!cursor) break;
      }
      return { cases: found, more: Boolean(cursor) };
    },
  );
}
