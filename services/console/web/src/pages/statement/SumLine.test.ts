import { flushPromises, mount } from "@vue/test-utils";
import { expect, test, vi } from "vitest";
import SumLine from "@/pages/statement/SumLine.vue";

const read = vi.hoisted(() => ({ refresh: vi.fn<() => Promise<void>>() }));
vi.mock("@/api/read", () => read);
const pair = (households: number, persons: number) => ({ households, persons });

test("rows that do not add up are read again with their figure before anybody is told, and a figure that agrees is not", async () => {
  let ended = (): void => undefined;
  read.refresh.mockImplementation(() => new Promise((end) => (ended = end)));
  const line = mount(SumLine, { props: { parts: [pair(1, 3), pair(1, 2)], figures: pair(2, 5), more: false } });
  expect(read.refresh).not.toHaveBeenCalled();

  await line.setProps({ parts: [pair(1, 3), pair(1, 2), pair(1, 4)] });
  expect(read.refresh).toHaveBeenCalledTimes(1);
  expect(line.get("p").text()).toContain("重新读取");
  await line.setProps({ figures: pair(3, 9) });
  ended();
  await flushPromises();
  expect(line.get("p").attributes("data-agrees")).toBe("true");

  await line.setProps({ figures: pair(4, 9) });
  expect(line.get("p").classes()).not.toContain("wrong");
  ended();
  await flushPromises();
  expect(line.get("p").classes()).toContain("wrong");
  expect(line.get("p").text()).toContain("请通知审计");
});
