import { VueQueryPlugin } from "@tanstack/vue-query";
import { enableAutoUnmount, mount } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { defineComponent, h, type VNode } from "vue";
import { House, problem } from "@testing/house";
import { content, send } from "@/api/ask";
import { queries, refresh, useRead } from "@/api/read";
import { hats, wear } from "@/api/session";

let house: House;
const hat = (account: string) => ({ account, roles: ["cadre" as const], division: "990001", until: "2030-01-01T00:00:00Z", seconds_left: 7200 });

beforeEach(async () => {
  house = await House.open();
  hats.value = [hat("cadre-1"), hat("cadre-2")];
  wear("cadre-1");
});
enableAutoUnmount(afterEach);
afterEach(() => {
  queries.clear();
  house.close();
});

const stock = (): Promise<{ of: string }> => send("GET", "/audit/stock").then(content<{ of: string }>);

/** A page that reads; what it shows is its text. */
function page(read: () => Promise<{ of: string }>) {
  const made = defineComponent(() => {
    const { data, refusal, loading } = useRead(() => ["stock"], read);
    return (): VNode => h("p", refusal.value?.problem.code ?? (loading.value ? "loading" : data.value?.of));
  });
  return mount(made, { global: { plugins: [[VueQueryPlugin, { queryClient: queries }]] } });
}

test("the answer to one account is never another's", async () => {
  house.next({ answer: { body: { of: "cadre-1" } } }, { answer: { body: { of: "cadre-2" } } });
  const shown = page(stock);
  expect(shown.text()).toBe("loading");
  await vi.waitFor(() => {
    expect(shown.text()).toBe("cadre-1");
  });
  wear("cadre-2");
  await shown.vm.$nextTick();
  expect(shown.text()).toBe("loading");
  await vi.waitFor(() => {
    expect(shown.text()).toBe("cadre-2");
  });
  wear("cadre-1");
  await shown.vm.$nextTick();
  expect(shown.text()).toBe("cadre-1");
});

test("what was asked for one account and answered for the next is thrown away", async () => {
  let answer: (value: { of: string }) => void = () => undefined;
  page(() => new Promise((resolve) => (answer = resolve)));
  wear("cadre-2");
  answer({ of: "cadre-2, under the key of cadre-1" });
  wear("cadre-1");
  wear("cadre-2");
  await vi.waitFor(() => {
    expect(queries.getQueryState(["cadre-1", "stock"])?.status).not.toBe("pending");
  });
  expect(queries.getQueryData(["cadre-1", "stock"])).toBeUndefined();
});

test("a refusal is shown at once and not asked again", async () => {
  house.next({ answer: problem("session_ended", 401) });
  const shown = page(stock);
  await vi.waitFor(() => {
    expect(shown.text()).toBe("session_ended");
  });
  expect(house.received).toHaveLength(1);
});

test("a mistake of the page's own is said, and not taken for an empty answer", async () => {
  const reported = vi.fn();
  vi.stubGlobal("reportError", reported);
  const shown = page(() => Promise.reject(new TypeError("of undefined")));
  await vi.waitFor(() => {
    expect(shown.text()).toBe("page_failed");
  });
  expect(reported).toHaveBeenCalledOnce();
});

test("after an order, what is on the page is asked for anew", async () => {
  house.next({ answer: { body: { of: "before" } } }, { answer: { body: { of: "after" } } });
  const shown = page(stock);
  await vi.waitFor(() => {
    expect(shown.text()).toBe("before");
  });
  await refresh();
  await shown.vm.$nextTick();
  expect(shown.text()).toBe("after");
});
