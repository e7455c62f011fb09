import { flushPromises, mount } from "@vue/test-utils";
import { VueQueryPlugin } from "@tanstack/vue-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { House, problem } from "@testing/house";
import { queries } from "@/api/read";
import { hats, wear } from "@/api/session";
import ActForm from "@/parts/form/ActForm.vue";
import type { Form } from "@/parts/form/draft";

let house: House;
const PATH = "/registry/households";
const FORM = { service: "registry", act: "record_household", zh: "登记", en: "Record", path: PATH, dry_run: true, fields: [], answers: [] };

beforeEach(async () => {
  house = await House.open();
  hats.value = [{ account: "cadre-1", roles: ["cadre"], division: "990001", until: "2030-01-01T00:00:00Z", seconds_left: 7200 }];
  wear("cadre-1");
});
afterEach(() => {
  house.close();
});

function opened() {
  const form = { ...FORM, content_type: "application/json" } as unknown as Form;
  return mount(ActForm, { props: { form, path: PATH, settled: {}, basedOn: "" }, global: { stubs: { RouterLink: true } } });
}
const refused = (page: ReturnType<typeof opened>) => vi.waitFor(() => page.get(".refusal button"));

test("a trial that failed is tried again, and never sent in earnest", async () => {
  house.next("lost before", { answer: problem("household_exists", 409) });
  const page = opened();
  await page.get("button.second").trigger("click");
  await (await refused(page)).trigger("click");
  await vi.waitFor(() => {
    expect(house.received.map(({ path }) => path)).toEqual(Array(2).fill(`/console/api${PATH}?dry_run=true`));
  });
});

test("whoever goes back to change a form that did not arrive is not offered to send it unread", async () => {
  house.next("lost before");
  const page = opened();
  await page.get("form").trigger("submit");
  await page.get("form").trigger("submit");
  await refused(page);
  await page.get("button.second").trigger("click");
  await flushPromises();
  expect(page.find(".refusal").exists()).toBe(false);
});

test("what was recorded of the household meanwhile is read before the form is sent again, decided on that", async () => {
  const household = "031fc029-6082-5842-a1b8-67ed0dedac02";
  const fact = (version: number) => ({ id: `registry/household-${household}/${version}`, type: "HouseholdSurveyed", effective_on: "2018-01-02", recorded_at: "2018-01-02T02:00:00Z" });
  queries.setQueryData(["cadre-1", "household", household, "facts"], [fact(3)]);
  const path = `/registry/households/${household}/surveys`;
  const form = { ...FORM, path: "/registry/households/{household_id}/surveys", based_on: true, content_type: "application/json" } as unknown as Form;
  const page = mount(ActForm, {
    props: { form, path, settled: {}, basedOn: fact(3).id },
    global: { stubs: { RouterLink: true }, plugins: [[VueQueryPlugin, { queryClient: queries }]] },
  });
  house.next({ answer: problem("changed_since", 409) }, { answer: { body: [fact(3), fact(4)] } });
  await page.get("form").trigger("submit");
  await page.get("form").trigger("submit");
  await vi.waitFor(() => page.get(".changed button"));
  expect(page.findAll(".changed li")).toHaveLength(1);
  await page.get(".changed button").trigger("click");
  expect(page.find(".refusal").exists()).toBe(false);
  await page.get("form").trigger("submit");
  await page.get("form").trigger("submit");
  await vi.waitFor(() => {
    expect(house.recorded).toHaveLength(1);
  });
  expect(house.recorded[0]?.headers["lika-based-on"]).toBe(fact(4).id);
});
