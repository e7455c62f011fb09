import { enableAutoUnmount, flushPromises, mount } from "@vue/test-utils";
import { VueQueryPlugin } from "@tanstack/vue-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { House } from "@testing/house";
import { queries } from "@/api/read";
import { hats, wear } from "@/api/session";
import NameWithin from "@/parts/NameWithin.vue";

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

const edition = (key: string, number: number) => ({ key, zh: key, en: key, number, status: "adopted" });
const text = (key: string, zh: string) => ({ answer: { body: { content: JSON.stringify({ components: [{ key, zh, en: "living allowance" }] }) } } });
const shown = (code: string, beside: Record<string, unknown>) =>
  mount(NameWithin, {
    props: { refers: "assistance/documents/programme/components", code, beside },
    global: { plugins: [[VueQueryPlugin, { queryClient: queries }]] },
  });

test("a code is called as the document beside it calls it, in whichever edition has it", async () => {
  house.next({ answer: { body: { items: [edition("other", 1), edition("aid", 2), edition("aid", 3)], next: null } } }, text("junior", "初中"), text("primary", "小学生活补助"));
  const page = shown("primary", { programme: "aid" });
  expect(page.text()).toBe("primary");
  await vi.waitFor(() => expect(page.text()).toBe("小学生活补助"));
  expect(house.received.map(({ path }) => path.replace(/\?.*/, "").split("/").at(-1))).toEqual(["documents", "2", "3"]);
});

test("where no document stands beside it, it is called by those of its kind, unless they are many", async () => {
  house.next({ answer: { body: { items: [edition("aid", 1)], next: null } } }, text("primary", "小学生活补助"));
  const page = shown("primary", {});
  await vi.waitFor(() => expect(page.text()).toBe("小学生活补助"));
  queries.clear();
  house.next({ answer: { body: { items: [1, 2, 3, 4].map((each) => edition(`aid-${each}`, each)), next: null } } });
  const another = shown("primary", {});
  await flushPromises();
  expect(another.text()).toBe("primary");
});
