import { enableAutoUnmount, flushPromises, mount } from "@vue/test-utils";
import { VueQueryPlugin } from "@tanstack/vue-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { House } from "@testing/house";
import { queries } from "@/api/read";
import { hats, wear } from "@/api/session";
import ActForm from "@/parts/form/ActForm.vue";
import type { Field, Form } from "@/parts/form/draft";
import { choicesOf } from "@/parts/form/references";

const LOAN = "0d5cd1a4-6f3f-5e8a-9b1c-4a5bd2d2f0a1";
const entry = (version: number, type: string, on: string) => ({ fact: `assistance/loans-${LOAN}/${version}`, type, on });
const facts = { name: "facts", kind: "list", zh: "作废的登记", en: "Entries annulled", required: true, nullable: false, choices: [], fields: [], applications: [], fewest: 1 };
const FORM = {
  service: "assistance", act: "annul_loan_entries", zh: "作废", en: "Annul", path: "/assistance/loans/{loan_id}/annulments", answers: [],
  content_type: "application/json",
  fields: [{ ...facts, item: { ...facts, kind: "text", refers: "assistance/loans/{loan_id}#entries.fact" } as unknown as Field }],
} as unknown as Form;

enableAutoUnmount(afterEach); // what is left would ask the next test's house

let house: House;
beforeEach(async () => {
  house = await House.open();
  hats.value = [{ account: "decider-1", roles: ["decider"], division: "990001", until: "2030-01-01T00:00:00Z", seconds_left: 7200 }];
  wear("decider-1");
});
afterEach(() => {
  house.close();
  queries.clear();
});

test("what was recorded of a thing is chosen by what it is, and what is annulled already is not offered", async () => {
  house.next({ answer: { body: { entries: [entry(2, "LoanDisbursed", "2015-03-01"), { ...entry(3, "LoanRepaid", "2015-06-01"), annulled: true }] } } });
  const page = mount(ActForm, {
    props: { form: FORM, path: `/assistance/loans/${LOAN}/annulments`, settled: {}, basedOn: "" },
    global: { stubs: { RouterLink: true }, plugins: [[VueQueryPlugin, { queryClient: queries }]] },
    attachTo: document.body,
  });
  await vi.waitFor(() => expect(page.findAll("option").map((each) => each.text())).toEqual(["请选择", "LoanDisbursed · 2015-03-01", "不在列表中，手工填写"]));
  expect(house.received.map(({ path }) => path)).toEqual([expect.stringMatching(`/assistance/loans/${LOAN}$`)]);
  await page.get("select").setValue(entry(2, "", "").fact);
  await page.get("form").trigger("submit");
  expect(page.text()).toContain("LoanDisbursed · 2015-03-01");
  await page.get("form").trigger("submit");
  await vi.waitFor(() => expect(house.recorded.map((each) => JSON.parse(each.body) as unknown)).toEqual([{ facts: [entry(2, "", "").fact] }]));
});

test("what is not in the list is typed", async () => {
  house.next({ answer: { body: { entries: [entry(2, "LoanDisbursed", "2015-03-01")] } } });
  const page = mount(ActForm, {
    props: { form: FORM, path: `/assistance/loans/${LOAN}/annulments`, settled: {}, basedOn: "" },
    global: { stubs: { RouterLink: true }, plugins: [[VueQueryPlugin, { queryClient: queries }]] },
    attachTo: document.body,
  });
  await vi.waitFor(() => expect(page.find("select").exists()).toBe(true));
  await page.get("select").setValue(" ");
  await flushPromises();
  expect(page.find("select").exists()).toBe(false);
  const typed = page.get("input");
  expect((typed.element as HTMLInputElement).value).toBe("");
  expect(document.activeElement).toBe(typed.element);
  await typed.setValue("assistance/loans-typed/1");
  await page.get("button.plain").trigger("click");
  await flushPromises();
  const list = page.get("select");
  expect(document.activeElement).toBe(list.element);
  expect((list.element as HTMLSelectElement).value).toBe("assistance/loans-typed/1");
  await list.setValue(entry(2, "", "").fact);
  await page.get("form").trigger("submit");
  expect(page.text()).toContain("LoanDisbursed · 2015-03-01");
});

test("what was recorded by one act is one choice, with all that it says", () => {
  const act = "3d5cd1a4-6f3f-5e8a-9b1c-4a5bd2d2f0a1";
  const of = (type: string) => ({ act, id: `registry/household-${act}/1`, type, effective_on: "2015-01-02", recorded_at: "2015-01-03T01:00:00Z", entered_by: "cadre-1" });
  expect(choicesOf([of("HouseholdRecorded"), of("SurveyRecorded")], "act").map(({ zh }) => zh)).toEqual(["HouseholdRecorded · 2015-01-02 · cadre-1 · SurveyRecorded"]);
});

test("of what a row says in both languages a choice says one", () => {
  const target = { target_id: LOAN, item: "W1", content: "村道公路改建", content_en: "Village road rebuild" };
  expect(choicesOf([target], "target_id")).toEqual([{ code: LOAN, zh: "W1 · 村道公路改建", en: "W1 · Village road rebuild" }]);
  expect(choicesOf([{ ...target, content_en: null }], "target_id")[0]?.en).toBe("W1 · 村道公路改建");
});

test("what a correction is about is chosen of the household that it is opened about", async () => {
  house.next({ answer: { body: [{ act: "3d5cd1a4-6f3f-5e8a-9b1c-4a5bd2d2f0a1", id: `registry/household-${LOAN}/1`, type: "HouseholdRecorded", effective_on: "2015-01-02" }] } });
  const refers = "registry/households/{household_id}/facts#id";
  const page = mount(ActForm, {
    props: {
      form: { ...FORM, service: "registry", path: "/registry/cases", fields: [{ ...facts, kind: "text", refers } as unknown as Field] },
      path: "/registry/cases", settled: { subject: LOAN }, basedOn: "",
    },
    global: { stubs: { RouterLink: true }, plugins: [[VueQueryPlugin, { queryClient: queries }]] },
  });
  await vi.waitFor(() => expect(page.findAll("option").map((each) => each.text())).toContain("HouseholdRecorded · 2015-01-02"));
  expect(house.received.map(({ path }) => path)).toContain(`/console/api/registry/households/${LOAN}/facts`);
});

const STAFF = "0d5cd1a4-6f3f-5e8a-9b1c-4a5bd2d2f0a2";
test.each([
  ["registry/staff/posts#post.staff_id", { items: [{ name: "***", post: { staff_id: STAFF, title: "扶贫专干", role: "cadre" } }], next: null }, "*** · 扶贫专干"],
  ["registry/opening-balances/{county}#approved.balance_id", { approved: { balance_id: LOAN, opening_on: "2014-01-01" } }, "2014-01-01"],
])("a part of a page's rows, and one thing alone in a record, are chosen: %s", async (refers, body, offered) => {
  house.next({ answer: { body } });
  const field = { ...facts, name: "named", kind: "id", item: null, refers } as unknown as Field;
  const page = mount(ActForm, {
    props: { form: { ...FORM, path: "/registry/{county}", fields: [field] } as unknown as Form, path: "/registry/990001", settled: {}, basedOn: "" },
    global: { stubs: { RouterLink: true }, plugins: [[VueQueryPlugin, { queryClient: queries }]] },
  });
  await vi.waitFor(() => expect(page.findAll("option").map((each) => each.text())).toEqual(["请选择", offered, "不在列表中，手工填写"]));
});
