import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/browse/words";

export const browse: RouteRecordRaw = {
  path: "/browse/:service/:path(.+)",
  component: () => import("@/pages/browse/page.vue"),
  meta: { title: words.title },
};
