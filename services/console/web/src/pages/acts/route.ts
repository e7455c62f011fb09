import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/acts/words";

export const acts: RouteRecordRaw = {
  path: "/acts/:service/:act",
  component: () => import("@/pages/acts/page.vue"),
  meta: { title: words.title },
};

export const newHousehold: RouteRecordRaw = { path: "/households/new", redirect: "/acts/registry/record_household" };
