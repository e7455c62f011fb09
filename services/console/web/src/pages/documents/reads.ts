import { answered, assistance, registry } from "@/api/ask";
import { useRead } from "@/api/read";
import { useReadOn } from "@/api/read_on";
import type { components } from "@/api/generated/registry";

/** Those that have documents of their own. */
export const SERVICES = ["registry", "assistance"] as const;
export type DocumentService = (typeof SERVICES)[number];
export type Edition = components["schemas"]["DocumentAnswer"];

const PAGE = 200;

export function useEditions(service: () => DocumentService) {
  return useReadOn(
    () => ["documents", service()],
    async (cursor: string | null) => {
      const params = { params: { query: { limit: PAGE, ...(cursor ? { cursor } : {}) } } };
      const page = await (service() === "registry" ? answered(registry.GET("/documents", params)) : answered(assistance.GET("/documents", params)));
      return { items: page.items, rest: page.next ?? null };
    },
  );
}

export function useText(service: () => DocumentService, number: () => number | null) {
  return useRead(
    () => ["document", service(), number()],
    () => {
      const params = { params: { path: { number: number() ?? 0 } } };
      return service() === "registry" ? answered(registry.GET("/documents/{number}", params)) : answered(assistance.GET("/documents/{number}", params));
    },
    () => number() !== null,
  );
}
