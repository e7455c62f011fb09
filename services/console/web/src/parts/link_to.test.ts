import { mount } from "@vue/test-utils";
import { createMemoryHistory, createRouter } from "vue-router";
import { expect, test } from "vitest";
import { defineComponent, h } from "vue";
import { useLinkTo } from "@/parts/link_to";

const page = defineComponent(() => {
  const linkTo = useLinkTo();
  return () => h("a", linkTo("/households/1?as_of=2016-12-31"), "9900");
});

test("a link leads within the page, and to a new tab where the browser is asked for one", async () => {
  const router = createRouter({ history: createMemoryHistory("/console/"), routes: [{ path: "/:all(.*)*", component: page }] });
  await router.push("/households");
  const link = mount(page, { global: { plugins: [router] } }).get("a");
  expect(link.attributes("href")).toBe("/console/households/1?as_of=2016-12-31");
  await link.trigger("click", { ctrlKey: true });
  expect(router.currentRoute.value.path).toBe("/households");
  await link.trigger("click");
  await expect.poll(() => router.currentRoute.value.fullPath).toBe("/households/1?as_of=2016-12-31");
});
