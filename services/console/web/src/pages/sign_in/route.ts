import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/sign_in/words";

export const signIn: RouteRecordRaw = {
  path: "/sign-in",
  component: () => import("@/pages/sign_in/page.vue"),
  meta: { title: words.title },
};
