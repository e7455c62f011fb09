import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/dossier/words";

export const dossier: RouteRecordRaw = {
  path: "/households/:id/dossier",
  component: () => import("@/pages/dossier/page.vue"),
  meta: { title: words.title },
};
