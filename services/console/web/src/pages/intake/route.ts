import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/intake/words";

export const intake: RouteRecordRaw = {
  path: "/intake",
  component: () => import("@/pages/intake/page.vue"),
  meta: { title: words.title, place: 5 },
};
