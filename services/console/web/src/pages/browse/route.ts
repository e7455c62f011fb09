import type { RouteRecordRaw } from "vue-router";
import type { Service } from "@/api/ask";
import { words } from "@/pages/browse/words";
import type { Pair } from "@/words/say";

export const browse: RouteRecordRaw = {
  path: "/browse/:service/:path(.+)",
  component: () => import("@/pages/browse/page.vue"),
  meta: { title: words.title },
};

/** Lists without a page of their own, by an address that can be said: what is shown of them is what their service publishes. */
const list = (path: string, at: string, title: Pair, place: number, reads: `${Service}.${string}`): RouteRecordRaw => ({
  path, redirect: `/browse/${at}`, meta: { title, place, reads: [reads] },
});
export const programmes = list("/programmes", "assistance/programmes", words.programmes, 7.2, "assistance.list_programmes");
export const payments = list("/payments", "assistance/pay-lists", words.payments, 7.4, "assistance.list_pay_lists");
export const loans = list("/loans", "assistance/loans", words.loans, 7.6, "assistance.list_loans");
export const projects = list("/projects", "monitoring/projects", words.projects, 10.2, "monitoring.list_projects");
export const funds = list("/funds", "monitoring/funds", words.funds, 10.4, "monitoring.list_funds");
