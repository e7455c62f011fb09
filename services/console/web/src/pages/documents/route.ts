import type { RouteRecordRaw } from "vue-router";
import { words } from "@/pages/documents/words";

export const documents: RouteRecordRaw = {
  path: "/documents",
  component: () => import("@/pages/documents/page.vue"),
  meta: { title: words.title, place: 14, reads: ["registry.list_documents"], shows: ["assistance.list_documents", "monitoring.list_documents"] },
};
