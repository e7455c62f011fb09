import { content, send } from "@/api/ask";
import { useRead } from "@/api/read";
import { useReadOn } from "@/api/read_on";
import type { components, operations } from "@/api/generated/registry";

/** Those that check what they hold. */
export const SERVICES = ["registry", "assistance", "monitoring"] as const;
export type FindingService = (typeof SERVICES)[number];
type Schemas = components["schemas"];
export type Finding = Schemas["FindingAnswer"];
export type Query = NonNullable<operations["list_findings"]["parameters"]["query"]>;

const PAGE = 50;

export function useFindings(service: () => FindingService, query: () => Query) {
  return useReadOn(
    () => ["findings", service(), query()],
    async (cursor: string | null) => {
      const asked = new URLSearchParams({ ...query(), limit: String(PAGE), ...(cursor && { cursor }) } as Record<string, string>);
      const page = await content<Schemas["Page_FindingAnswer_"]>(await send("GET", `/${service()}/findings?${asked}`));
      return { items: page.items, rest: page.next ?? null };
    },
  );
}

/** The service's day, by which something is overdue. */
export function useToday(service: () => FindingService) {
  return useRead(
    () => ["findings", "today", service()],
    async () => (await content<{ today: string }>(await send("GET", `/${service()}/inbox/counts`))).today,
  );
}
