// What the caller may do in the register.
import { answered, registry } from "@/api/ask";
import type { components } from "@/api/generated/registry";
import { useRead } from "@/api/read";

export type May = components["schemas"]["AccessAnswer"];

export const useMay = () => useRead(() => ["registry", "access"], () => answered(registry.GET("/access", {})));

/** Whether the caller opens personal data of households there for a purpose. */
export const mayDisclose = (may: May, division: string): boolean =>
  division.startsWith(may.division) && may.acts.some((each) => each.act === "disclose_personal_data");
