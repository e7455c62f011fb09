import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/operations/words";

export const operations: RouteRecordRaw = {
  path: "/operations",
  component: () => import("@/pages/operations/page.vue"),
  meta: { title: words.title, place: 13, reads: ["registry.read_integrity"] },
};
