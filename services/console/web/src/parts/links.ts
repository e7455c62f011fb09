// From an act that the services name (an operation and the path that it stands at) to the page that does it.
import type { RouteLocationRaw } from "vue-router";

/** An act that is open to the caller: `path`, where it stands; `to`, the page that does it. */
export interface Act {
  readonly act: string;
  readonly zh: string;
  readonly en: string;
  readonly path: string;
  readonly to: RouteLocationRaw;
}

/** `service`: where `path` does not begin with it. `form`: fields that are settled already. */
export function actLink(
  step: { act?: string; operation?: string; path: string; form?: Record<string, unknown>; method?: string },
  service?: string,
): RouteLocationRaw {
  if (step.method === "GET") return pageLink(step.path)?.to ?? browseLink(step.path);
  const path = service === undefined ? step.path : `/${service}${step.path}`;
  const name = step.act ?? step.operation ?? "";
  const query: Record<string, string> = { path };
  if (step.form && Object.keys(step.form).length > 0) query["form"] = JSON.stringify(step.form);
  return { path: `/acts/${path.split("/")[1]}/${name}`, query };
}

/** In a tab of its own, so that what was typed in this one stays. */
export const SIGN_IN = "/console/sign-in";

/** Reads of a household that have a page of their own. */
const SHEETS: readonly string[] = ["visit-sheet", "dossier"];

/** The page of what an answer names, or a command is about: `/registry/households/<id>/…`. */
export function pageLink(path: string): { to: RouteLocationRaw; kind: "household" | "case" } | null {
  const [, service, kind, id, part = ""] = path.split("/");
  if (!service || !id || !/^[0-9a-f-]{36}$/.test(id)) return null;
  if (kind === "households") return { to: `/households/${id}${SHEETS.includes(part) ? `/${part}` : ""}`, kind: "household" };
  return kind === "cases" ? { to: `/cases/${service}/${id}`, kind: "case" } : null;
}

/** Where a subject is read that has no page of its own: `/registry/schools/2199000101`. */
export const browseLink = (path: string): string => `/browse${path}`;

/** Where a read of a household below it stands. */
export const belowLink = (path: string): RouteLocationRaw =>
  (SHEETS.includes(path.split("/")[4] ?? "") && pageLink(path)?.to) || browseLink(path);
