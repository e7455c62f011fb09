import { content, send } from "@/api/ask";
import type { components } from "@/api/generated/registry";
import { usePages, type Asked } from "@/parts/list/asked_list";
import type { CaseService } from "@/parts/procedures";

export type Case = components["schemas"]["CaseAnswer"];

export const useCases = (service: () => CaseService, asked: () => Asked) =>
  usePages<Case>(() => `cases of ${service()}`, asked, async (filters) =>
    content<components["schemas"]["Page_CaseAnswer_"]>(await send("GET", `/${service()}/cases?${new URLSearchParams(filters)}`)));
