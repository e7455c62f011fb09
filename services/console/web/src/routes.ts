// Every page is a folder that says its own address; the address is the page's whole state.
import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";
import { acts } from "@/pages/acts/route";
import { household } from "@/pages/household/route";
import { households } from "@/pages/households/route";
import { inbox } from "@/pages/inbox/route";
import { missing } from "@/pages/missing/route";
import { signIn } from "@/pages/sign_in/route";
import { say, type Pair } from "@/words/say";

declare module "vue-router" {
  interface RouteMeta {
    title: Pair;
    /** Where it stands in the navigation; a page without is reached from another. */
    place?: number;
  }
}

export const routes: RouteRecordRaw[] = [inbox, households, household, acts, signIn, missing];

export const router = createRouter({
  history: createWebHistory("/console/"),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
});

// The title names the page and never whom it shows.
router.afterEach((to, from) => {
  document.title = `${say(to.meta.title)} · 立卡 Lika`;
  if (to.path !== from.path) document.getElementById("main")?.focus();
});
