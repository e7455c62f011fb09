import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/matters/words";

export const matters: RouteRecordRaw = {
  path: "/matters",
  component: () => import("@/pages/matters/page.vue"),
  meta: { title: words.title, place: 4.5, reads: ["registry.list_moves"] },
};
