import type { RouteRecordRaw } from "vue-router";
import { words } from "@/acts/words";

export const acts: RouteRecordRaw = {
  path: "/acts/:service/:act",
  component: () => import("@/acts/page.vue"),
  meta: { title: words.title },
};
