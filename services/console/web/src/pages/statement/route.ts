import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/statement/words";

export const statement: RouteRecordRaw = {
  path: "/statement",
  component: () => import("@/pages/statement/page.vue"),
  meta: { title: words.title, place: 6, reads: ["audit.read_statement"] },
};
