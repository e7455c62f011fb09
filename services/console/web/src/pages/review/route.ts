import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/review/words";

export const review: RouteRecordRaw = {
  path: "/review",
  component: () => import("@/pages/review/page.vue"),
  meta: { title: words.title, place: 4, reads: ["registry.take_step_in_batch"] },
};
