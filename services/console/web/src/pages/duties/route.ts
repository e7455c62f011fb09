import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/duties/words";

export const duties: RouteRecordRaw = {
  path: "/duties",
  component: () => import("@/pages/duties/page.vue"),
  meta: { title: words.title, place: 9, reads: ["assistance.read_duty_calendar"] },
};
