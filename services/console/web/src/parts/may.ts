// What the caller may do in the register, and the links to it.
import { answered, registry } from "@/api/ask";
import type { components } from "@/api/generated/registry";
import { useRead } from "@/api/read";
import { actLink } from "@/parts/links";
import type { RouteLocationRaw } from "vue-router";

export type May = components["schemas"]["AccessAnswer"];

export interface Act {
  readonly act: string;
  readonly zh: string;
  readonly en: string;
  readonly to: RouteLocationRaw;
}

export const useMay = () => useRead(() => ["registry", "access"], () => answered(registry.GET("/access", {})));

/** Those of these acts that the caller may do, each at its path below `at`. */
export function allowed(may: May, at: string, acts: readonly (readonly [act: string, path: string])[]): Act[] {
  return acts.flatMap(([act, path]) => {
    const row = may.acts.find((each) => each.act === act);
    return row === undefined ? [] : [{ act, zh: row.zh, en: row.en, to: actLink({ act, path: `${at}/${path}` }) }];
  });
}
