import type { RouteRecordRaw } from "vue-router";
import { words } from "@/missing/words";

export const missing: RouteRecordRaw = {
  path: "/:rest(.*)*",
  component: () => import("@/missing/page.vue"),
  meta: { title: words.title },
};
