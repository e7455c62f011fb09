import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/findings/words";

export const findings: RouteRecordRaw = {
  path: "/findings",
  component: () => import("@/pages/findings/page.vue"),
  meta: { title: words.title, place: 11, reads: ["registry.list_findings"], shows: ["assistance.list_findings", "monitoring.list_findings"] },
};
