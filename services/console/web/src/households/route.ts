import type { RouteRecordRaw } from "vue-router";
import { words } from "@/households/words";

export const households: RouteRecordRaw = {
  path: "/households",
  component: () => import("@/households/page.vue"),
  meta: { title: words.title, place: 2 },
};
