import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/cases/words";

export const cases: RouteRecordRaw = {
  path: "/cases",
  component: () => import("@/pages/cases/page.vue"),
  meta: { title: words.title, place: 3, reads: ["registry.list_cases"], shows: ["assistance.list_cases", "monitoring.list_cases"] },
};
