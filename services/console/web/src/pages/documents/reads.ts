import { content, send } from "@/api/ask";
import { useRead } from "@/api/read";
import { useReadOn } from "@/api/read_on";
import type { components } from "@/api/generated/registry";

/** Those that have documents of their own. */
export const SERVICES = ["registry", "assistance", "monitoring"] as const;
export type DocumentService = (typeof SERVICES)[number];
type Schemas = components["schemas"];
export type Edition = Schemas["DocumentAnswer"];

const PAGE = 200;

export function useEditions(service: () => DocumentService) {
  return useReadOn(
    () => ["documents", service()],
    async (cursor: string | null) => {
      const query = new URLSearchParams({ limit: String(PAGE), ...(cursor && { cursor }) });
      const page = await content<Schemas["Page_DocumentAnswer_"]>(await send("GET", `/${service()}/documents?${query}`));
      return { items: page.items, rest: page.next ?? null };
    },
  );
}

export function useText(service: () => DocumentService, number: () => number | null) {
  return useRead(
    () => ["document", service(), number()],
    async () => content<Schemas["DocumentTextAnswer"]>(await send("GET", `/${service()}/documents/${number()}`)),
    () => number() !== null,
  );
}
