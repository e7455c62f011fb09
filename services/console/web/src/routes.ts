// Every page is a folder that says its own address; the address is the page's whole state.
import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";
import { acts } from "@/pages/acts/route";
import { cases } from "@/pages/cases/route";
import { households } from "@/pages/households/route";
import { inbox } from "@/pages/inbox/route";
import { intake } from "@/pages/intake/route";
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

export const routes: RouteRecordRaw[] = [inbox, households, cases, intake, acts, signIn, missing];

export const router = createRouter({
  history: createWebHistory("/console/"),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

// The title names the page and never whom it shows.
router.afterEach((to) => {
  document.title = `${say(to.meta.title)} · 立卡 Lika`;
  document.getElementById("main")?.focus();
});
