import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/inbox/words";

export const inbox: RouteRecordRaw = {
  path: "/",
  component: () => import("@/pages/inbox/page.vue"),
  meta: { title: words.title, place: 1, shows: ["registry.read_inbox", "assistance.read_inbox", "monitoring.read_inbox"] },
};
