import { VueQueryPlugin } from "@tanstack/vue-query";
import { enableAutoUnmount, flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { House } from "@testing/house";
import { queries } from "@/api/read";
import { hats, wear } from "@/api/session";
import FindPerson from "@/pages/households/FindPerson.vue";
import { words as disclosure } from "@/words/disclosure";
import { say } from "@/words/say";

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

test("a search that was recorded before is not answered with nobody", async () => {
  const global = { plugins: [[VueQueryPlugin, { queryClient: queries }] as [typeof VueQueryPlugin, object]], stubs: { RouterLink: true } };
  const page = mount(FindPerson, { props: { division: "" }, global });
  await vi.waitFor(() => expect(queries.isFetching()).toBe(0));
  house.next({ answer: { status: 201, body: { position: {}, replayed: true, items: [], more: false } } });
  await page.get("form").trigger("submit");
  await vi.waitFor(() => expect(page.text()).toContain(say(disclosure.again)));
  await flushPromises();
  expect(page.find(".empty").exists()).toBe(false);
});
