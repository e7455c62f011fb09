import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/households/words";

export const households: RouteRecordRaw = {
  path: "/households",
  component: () => import("@/pages/households/page.vue"),
  meta: { title: words.title, place: 2, reads: ["registry.list_households"] },
};
