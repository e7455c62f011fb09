import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/readings/words";

export const readings: RouteRecordRaw = {
  path: "/readings",
  component: () => import("@/pages/readings/page.vue"),
  meta: { title: words.title, place: 12, reads: ["audit.list_own_readings"] },
};
