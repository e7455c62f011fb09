// Every page is a folder that says its own address; the address is the page's whole state.
import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";
import { unsaved } from "@/api/unsaved";
import type { Service } from "@/api/ask";
import type { Pair } from "@/words/say";

declare module "vue-router" {
  interface RouteMeta {
    title: Pair;
    /** Where it stands in the navigation; a page without is reached from another. */
    place?: number;
    /** `registry.list_households`: what a hat must be allowed to read for the page to be offered. */
    reads?: readonly `${Service}.${string}`[];
    /** Lists of other services that it shows as well. */
    shows?: readonly `${Service}.${string}`[];
  }
}

/** Of every folder in pages/: one that lands is a page by itself. */
const folders = import.meta.glob<Record<string, RouteRecordRaw>>("./pages/*/route.ts", { eager: true });
export const routes: RouteRecordRaw[] = Object.values(folders).flatMap((folder) => Object.values(folder));

export const router = createRouter({
  history: createWebHistory("/console/"),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
});

// Another page: who cannot see it hears its beginning. Another filter on the same page leaves focus where it is.
router.afterEach((to, from) => {
  if (to.path === from.path) return;
  unsaved.value = false;
  document.getElementById("main")?.focus({ preventScroll: true });
});
