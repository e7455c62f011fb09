import type { RouteRecordRaw } from "vue-router";
import { words } from "@/inbox/words";

export const inbox: RouteRecordRaw = {
  path: "/",
  component: () => import("@/inbox/page.vue"),
  meta: { title: words.title, place: 1 },
};
