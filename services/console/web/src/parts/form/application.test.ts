import { flushPromises, mount } from "@vue/test-utils";
import { VueQueryPlugin } from "@tanstack/vue-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { House } from "@testing/house";
import { queries } from "@/api/read";
import { hats, wear } from "@/api/session";
import ActForm from "@/parts/form/ActForm.vue";
import { fits } from "@/parts/form/application";
import type { Field, Form } from "@/parts/form/draft";
import { choicesOf } from "@/parts/form/references";
import { subjectOf } from "@/parts/form/paths";

const field = (name: string, more: Partial<Field> = {}): Field =>
  ({ name, kind: "text", zh: name, en: name, required: true, nullable: false, choices: [], fields: [], applications: [], ...more }) as unknown as Field;
const RISKS = "registry/documents/monitoring_kinds/risks";
const FORM = {
  service: "registry", act: "open_case", zh: "受理", en: "Open", path: "/registry/cases", content_type: "application/json", answers: [],
  fields: [
    field("procedure", { refers: "registry/documents/procedure" }),
    field("terms", {
      kind: "map", required: false,
      applications: [{ fact: "MonitoringStarted", where: {}, fields: [field("risks", { kind: "list", item: field("risks", { refers: RISKS }) })] }],
    }),
  ],
} as unknown as Form;
const edition = (key: string, zh: string, number: number) => ({ key, zh, en: key, number, status: "adopted" });

let house: House;
beforeEach(async () => {
  house = await House.open();
  hats.value = [{ account: "cadre-1", roles: ["cadre"], division: "990001", until: "2030-01-01T00:00:00Z", seconds_left: 7200 }];
  wear("cadre-1");
  const kept = (key: readonly unknown[], data: unknown) => queries.setQueryData(["cadre-1", ...key], data);
  const procedures = [edition("exit", "脱贫", 7), edition("monitoring_inclusion", "监测对象识别纳入", 9)].map((each) => ({ ...each, code: each.key }));
  kept(["documents to choose", "registry/documents/procedure"], procedures);
  kept(["texts", "registry", 7], [{ effect: { fact: "HouseholdExited", terms: {} } }]);
  kept(["texts", "registry", 9], [{ effect: { fact: "MonitoringStarted", terms: { kinds: "monitored_objects" } } }]);
  kept(["documents to choose", "registry/documents/monitoring_kinds"], [{ ...edition("monitored_objects", "", 11), code: "monitored_objects" }]);
  kept(["texts", "registry", 11], [{ risks: [{ code: "illness", zh: "因病", en: "illness" }] }]);
});
afterEach(() => {
  house.close();
  queries.clear();
});

test("a procedure is chosen by its name, its application is asked for field by field, and goes out as it is taken", async () => {
  const page = mount(ActForm, {
    props: { form: FORM, path: "/registry/cases", settled: {}, basedOn: "" },
    global: { stubs: { RouterLink: true }, plugins: [[VueQueryPlugin, { queryClient: queries }]] },
    attachTo: document.body,
  });
  await flushPromises();
  expect(page.findAll("select option").map((option) => option.text())).toEqual(["请选择", "脱贫", "监测对象识别纳入", "不在列表中，手工填写"]);
  await page.get("select").setValue("exit");
  await flushPromises();
  expect(page.text()).not.toContain("terms");
  await page.get("select").setValue("monitoring_inclusion");
  await flushPromises();
  await page.get("button[id$=risks-add]").trigger("click");
  await flushPromises();
  const [, risk] = page.findAll("select");
  expect(risk?.text()).toContain("因病");
  await risk?.setValue("illness");
  await page.get("form").trigger("submit");
  expect(page.text()).toContain("因病");
  await page.get("form").trigger("submit");
  await vi.waitFor(() => {
    expect(house.recorded.map((each) => JSON.parse(each.body) as unknown)).toEqual([{ procedure: "monitoring_inclusion", terms: { risks: ["illness"] } }]);
  });
});

test("of two procedures that bring about the same, the terms of their effect decide", () => {
  const merge = { fact: "HouseholdCancelled", where: { reasons: ["merged"] }, fields: [] };
  expect(fits(merge, { fact: "HouseholdCancelled", terms: { reasons: ["merged"] } })).toBe(true);
  expect(fits(merge, { fact: "HouseholdCancelled", terms: { reasons: ["lost"] } })).toBe(false);
  expect(fits(merge, { fact: "HouseholdExited", terms: { reasons: ["merged"] } })).toBe(false);
});

test("a row is called by its names, numbers and days; codes and ids say nothing", () => {
  const row = { project_id: "031fc029-6082-5842-a1b8-67ed0dedac02", division: "990001101201", stage: "drafted", title: "村道公路改建", deadline: "2016-12-31" };
  expect(choicesOf([row], "project_id")).toEqual([{ code: row.project_id, zh: "村道公路改建 · 2016-12-31", en: "村道公路改建 · 2016-12-31" }]);
  expect(choicesOf([row], "fund_id")).toEqual([]);
});

test("a command is about what its path names up to the last part left open", () => {
  expect(subjectOf("/assistance/pay-lists/{list_id}/postings", "/assistance/pay-lists/7/postings")).toBe("/assistance/pay-lists/7");
  expect(subjectOf("/assistance/pay-lists", "/assistance/pay-lists")).toBe("");
});
