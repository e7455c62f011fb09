import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/directory/words";

export const directory: RouteRecordRaw = {
  path: "/directory",
  component: () => import("@/pages/directory/page.vue"),
  meta: { title: words.title, place: 15 },
};
