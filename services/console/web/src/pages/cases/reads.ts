import { answered, assistance, registry } from "@/api/ask";
import type { components, operations } from "@/api/generated/registry";
import { usePages, type Asked } from "@/parts/list/asked_list";
import type { CaseService } from "@/parts/procedures";

export type Case = components["schemas"]["CaseAnswer"];
type Listed = NonNullable<operations["list_cases"]["parameters"]["query"]>;

export const useCases = (service: () => CaseService, asked: () => Asked) =>
  usePages<Case>(() => `cases of ${service()}`, asked, (filters) => {
    const params = { params: { query: filters as Listed } };
    return service() === "registry" ? answered(registry.GET("/cases", params)) : answered(assistance.GET("/cases", params));
  });
