import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/aid/words";

export const aid: RouteRecordRaw = {
  path: "/aid",
  component: () => import("@/pages/aid/page.vue"),
  meta: { title: words.title, place: 7, reads: ["assistance.list_eligibility"] },
};
