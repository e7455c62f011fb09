import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/pairing/words";

export const pairing: RouteRecordRaw = {
  path: "/pairing",
  component: () => import("@/pages/pairing/page.vue"),
  meta: { title: words.title, place: 8, reads: ["assistance.list_pair_loads"] },
};
