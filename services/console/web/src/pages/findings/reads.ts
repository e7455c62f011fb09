import { answered, assistance, registry } from "@/api/ask";
import { useRead } from "@/api/read";
import { useReadOn } from "@/api/read_on";
import type { components, operations } from "@/api/generated/registry";

/** Those that check what they hold. */
export const SERVICES = ["registry", "assistance"] as const;
export type FindingService = (typeof SERVICES)[number];
export type Finding = components["schemas"]["FindingAnswer"];
export type Query = NonNullable<operations["list_findings"]["parameters"]["query"]>;

const PAGE = 50;

export function useFindings(service: () => FindingService, query: () => Query) {
  return useReadOn(
    () => ["findings", service(), query()],
    async (cursor: string | null) => {
      const params = { params: { query: { ...query(), limit: PAGE, ...(cursor ? { cursor } : {}) } } };
      const page = await (service() === "registry" ? answered(registry.GET("/findings", params)) : answered(assistance.GET("/findings", params)));
      return { items: page.items, rest: page.next ?? null };
    },
  );
}

/** The service's day, by which something is overdue. */
export function useToday(service: () => FindingService) {
  return useRead(
    () => ["findings", "today", service()],
    async () => (await (service() === "registry" ? answered(registry.GET("/inbox/counts", {})) : answered(assistance.GET("/inbox/counts", {})))).today,
  );
}
