import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/account/words";

export const account: RouteRecordRaw = {
  path: "/account",
  component: () => import("@/pages/account/page.vue"),
  meta: { title: words.title },
};
