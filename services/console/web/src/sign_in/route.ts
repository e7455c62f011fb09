import type { RouteRecordRaw } from "vue-router";
import { words } from "@/sign_in/words";

export const signIn: RouteRecordRaw = {
  path: "/sign-in",
  component: () => import("@/sign_in/page.vue"),
  meta: { title: words.title },
};
