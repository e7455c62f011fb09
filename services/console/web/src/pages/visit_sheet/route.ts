import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/visit_sheet/words";

export const visitSheet: RouteRecordRaw = {
  path: "/households/:id/visit-sheet",
  component: () => import("@/pages/visit_sheet/page.vue"),
  meta: { title: words.title },
};
