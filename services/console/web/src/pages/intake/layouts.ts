// What is imported by this page: each layout of a workbook with the interface that takes it.
import { computed } from "vue";
import { answered, registry } from "@/api/ask";
import { useRead } from "@/api/read";
import { words } from "@/pages/intake/words";
import type { Pair } from "@/words/say";

export interface Layout {
  key: string;
  title: Pair;
  seen: Pair;
  path: string;
  /** The act that the access table names. */
  act: string;
}

const HOUSEHOLDS: Layout = {
  key: "households", title: words.households, seen: words.seenHouseholds, path: "/registry/intake", act: "import_workbook",
};
const LAYOUTS: readonly Layout[] = [
  HOUSEHOLDS,
  { key: "staff", title: words.staff, seen: words.seenStaff, path: "/registry/staff", act: "import_staff_list" },
  { key: "pupils", title: words.pupils, seen: words.seenPupils, path: "/registry/rosters", act: "import_roster" },
];

/** Those that the reader may import, as the access table says; `chosen`: of which the address names one. */
export function useLayouts(chosen: () => unknown) {
  const { data, refusal, loading, again } = useRead(
    () => ["access", "registry"],
    async () => new Set((await answered(registry.GET("/access", {}))).acts.map((each) => each.act)),
  );
  const layouts = computed(() => LAYOUTS.filter((each) => data.value?.has(each.act)));
  const layout = computed(() => layouts.value.find((each) => each.key === chosen()) ?? layouts.value[0] ?? HOUSEHOLDS);
  const may = (act: string): boolean => data.value?.has(act) ?? false;
  return { layouts, layout, may, refusal, loading, again };
}
