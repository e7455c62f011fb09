import { expect, test } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import { actLink, belowLink } from "@/parts/links";

const page = { template: "" };
const router = createRouter({ history: createMemoryHistory(), routes: [{ path: "/acts/:service/:act", component: page }] });
const address = (...link: Parameters<typeof actLink>) => router.resolve(actLink(...link));

test("an act of a refusal carries its whole path, one of an inbox that of its service", () => {
  const whole = address({ act: "open_case", path: "/registry/households/7/cases" });
  const own = address({ operation: "open_case", path: "/households/7/cases" }, "registry");
  expect(whole.fullPath).toBe("/acts/registry/open_case?path=/registry/households/7/cases");
  expect(own.fullPath).toBe(whole.fullPath);
});

test("fields that are settled travel with it and come back as they were", () => {
  const form = { procedure: "exit", on: "2016-12-01", amounts: ["1.50"], note: "a&b=c / 中文" };
  const { query, params } = address({ act: "open_case", path: "/registry/x", form });
  expect(params).toEqual({ service: "registry", act: "open_case" });
  expect(JSON.parse(query["form"] as string)).toEqual(form);
  expect(address({ act: "open_case", path: "/registry/x", form: {} }).query).toEqual({ path: "/registry/x" });
});

test("a sheet of a household is opened on its page, what else is read of it is drawn", () => {
  const household = "/registry/households/00000000-0000-4000-8000-000000000001";
  expect(belowLink(`${household}/dossier`)).toBe("/households/00000000-0000-4000-8000-000000000001/dossier");
  expect(belowLink(`${household}/facts`)).toBe(`/browse${household}/facts`);
});
