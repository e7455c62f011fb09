// Every page is a folder that says its own address; the address is the page's whole state.
import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";
import { acts, newHousehold } from "@/pages/acts/route";
import { aid } from "@/pages/aid/route";
import { caseRoute } from "@/pages/case/route";
import { documents } from "@/pages/documents/route";
import { duties } from "@/pages/duties/route";
import { findings } from "@/pages/findings/route";
import { household } from "@/pages/household/route";
import { households } from "@/pages/households/route";
import { inbox } from "@/pages/inbox/route";
import { matters } from "@/pages/matters/route";
import { missing } from "@/pages/missing/route";
import { notices } from "@/pages/notices/route";
import { operations } from "@/pages/operations/route";
import { pairing } from "@/pages/pairing/route";
import { readings } from "@/pages/readings/route";
import { review } from "@/pages/review/route";
import { sheet } from "@/pages/sheet/route";
import { signIn } from "@/pages/sign_in/route";
import { statement } from "@/pages/statement/route";
import { targets } from "@/pages/targets/route";
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
  }
}

export const routes: RouteRecordRaw[] = [
  inbox,
  households,
  newHousehold,
  household,
  caseRoute,
  review,
  matters,
  findings,
  operations,
  documents,
  acts,
  notices,
  sheet,
  statement,
  aid,
  pairing,
  duties,
  targets,
  readings,
  signIn,
  missing,
];

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
