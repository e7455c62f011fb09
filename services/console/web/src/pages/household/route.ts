import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/household/words";

export const household: RouteRecordRaw = {
  path: "/households/:id",
  component: () => import("@/pages/household/page.vue"),
  meta: { title: words.title },
};
