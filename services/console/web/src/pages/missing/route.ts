import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/missing/words";

export const missing: RouteRecordRaw = {
  path: "/:rest(.*)*",
  component: () => import("@/pages/missing/page.vue"),
  meta: { title: words.title },
};
