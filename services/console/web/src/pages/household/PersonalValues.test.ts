import { VueQueryPlugin } from "@tanstack/vue-query";
import { enableAutoUnmount, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { nextTick } from "vue";
import { House } from "@testing/house";
import { queries } from "@/api/read";
import { hats, wear } from "@/api/session";
import type { Member } from "@/pages/household/fields";
import PersonalValues from "@/pages/household/PersonalValues.vue";
import { show, type Disclosed } from "@/parts/disclosed";

let house: House;
beforeEach(async () => {
  house = await House.open();
  hats.value = [{ account: "reviewer-1", roles: ["reviewer"], division: "990001", until: "2030-01-01T00:00:00Z", seconds_left: 7200 }];
  wear("reviewer-1");
});
enableAutoUnmount(afterEach);
afterEach(() => {
  queries.clear();
  house.close();
});

test("personal values of a household are opened and shown on its page, each with whose it is", async () => {
  house.next({ answer: { body: { division: "990001", acts: [{ act: "disclose_personal_data", zh: "查看", en: "Read" }] } } });
  const members = [{ person_id: "p1", national_no: "990001-01" }] as Member[];
  const page = mount(PersonalValues, {
    props: { id: "h1", division: "990001101", members },
    global: { plugins: [[VueQueryPlugin, { queryClient: queries }]], stubs: { RouterLink: true } },
  });
  await vi.waitFor(() => expect(page.find("dialog").exists()).toBe(true));
  show([{ household_id: "h1", national_no: "1", household: {}, members: { p1: { phone: "无号码" } } } as unknown as Disclosed]);
  await nextTick();
  expect(page.get(".opened tbody").text()).toMatch(/990001-01\s*无号码/);
});
