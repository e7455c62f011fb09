import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/case/words";

export const caseRoute: RouteRecordRaw = {
  path: "/cases/:service/:id",
  component: () => import("@/pages/case/page.vue"),
  meta: { title: words.title },
};
