import { flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { effectScope } from "vue";
import { House } from "@testing/house";
import { hat, hats, loadSession } from "@/api/session";
import { useSessionEnd } from "@/shell/session_end";

const MINUTE = 60_000;
let house: House;

function says(until: string, minutes: number, ...accounts: string[]) {
  const held = accounts.map((account) => ({ account, roles: ["cadre"], division: "990001", until, seconds_left: minutes * 60 }));
  return { answer: { body: { hats: held, labels: "0123456789abcdef", provider: false } } };
}
const labels = { answer: { body: { facts: {}, fields: {}, codes: {} } } };
const scope = effectScope();

beforeEach(async () => {
  house = await House.open();
  vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"] });
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
  house.close();
});

test("told ten minutes before it ends, until somebody signs in again in another tab", async () => {
  house.next(says("2026-03-02T06:20:00Z", 80, "cadre-1"), labels);
  await loadSession();
  const endsAt = scope.run(useSessionEnd);
  vi.advanceTimersByTime(69 * MINUTE);
  expect(endsAt?.value).toBe("");
  vi.advanceTimersByTime(2 * MINUTE);
  expect(endsAt?.value).toBe("14:20");

  house.next(says("2026-03-02T06:20:00Z", 9, "reviewer-1"));
  document.dispatchEvent(new Event("visibilitychange"));
  await vi.waitFor(() => {
    expect(house.received).toHaveLength(3);
  });
  await flushPromises();
  expect(hat.value?.account).toBe("cadre-1");

  house.next(says("2026-03-02T16:20:00Z", 600, "cadre-1"));
  document.dispatchEvent(new Event("visibilitychange"));
  await vi.waitFor(() => {
    expect(endsAt?.value).toBe("");
  });
  expect(hats.value[0]?.until).toBe("2026-03-02T16:20:00Z");
});
