import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/household/words";

export const household: RouteRecordRaw = {
  path: "/households/:id([0-9a-fA-F-]{36})",
  component: () => import("@/pages/household/page.vue"),
  meta: { title: words.title },
};
