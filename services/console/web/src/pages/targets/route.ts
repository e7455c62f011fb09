import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/targets/words";

export const targets: RouteRecordRaw = {
  path: "/targets",
  component: () => import("@/pages/targets/page.vue"),
  meta: { title: words.title, place: 10, reads: ["monitoring.list_targets"] },
};
