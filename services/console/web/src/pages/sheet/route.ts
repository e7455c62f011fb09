import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/sheet/words";

export const sheet: RouteRecordRaw = {
  path: "/notices/:service/:id/:step",
  component: () => import("@/pages/sheet/page.vue"),
  meta: { title: words.title },
};
