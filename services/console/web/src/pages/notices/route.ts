import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/notices/words";

export const notices: RouteRecordRaw = {
  path: "/notices",
  component: () => import("@/pages/notices/page.vue"),
  meta: { title: words.title, place: 3.5, reads: ["registry.list_notices"] },
};
