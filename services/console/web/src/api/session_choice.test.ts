import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { House } from "@testing/house";

let house: House;
const held = (account: string) => ({ account, roles: ["cadre"], division: "990001", until: "2030-01-01T00:00:00Z", seconds_left: 7200 });
const session = (...accounts: string[]) => ({ answer: { body: { hats: accounts.map(held), labels: "0123456789abcdef" } } });
const labels = { answer: { body: { facts: {}, fields: {}, codes: {} } } };

/** As a tab that was just opened has it. */
async function unused(): Promise<typeof import("@/api/session")> {
  vi.resetModules();
  return import("@/api/session");
}

beforeEach(async () => {
  house = await House.open();
  sessionStorage.clear();
});
afterEach(() => {
  house.close();
});

test("a tab acts for the account that it chose, and goes on to when it is loaded anew", async () => {
  house.next(session("cadre-1", "reviewer-1"), labels, session("cadre-1", "reviewer-1"), labels);
  const fresh = await unused();
  await fresh.loadSession();
  fresh.wear("reviewer-1");
  await fresh.loadSession();
  expect(fresh.hat.value?.account).toBe("reviewer-1");
});

test("a tab of several accounts is nobody's until one is chosen", async () => {
  const fresh = await unused();
  house.next(session("cadre-1", "reviewer-1"), labels);
  await fresh.loadSession();
  expect(fresh.hat.value).toBeNull();
  expect(fresh.whereFirst()).toBe("/account");
  fresh.wear("reviewer-1");
  expect(fresh.hat.value?.account).toBe("reviewer-1");
  expect(fresh.whereFirst()).toBeNull();
});

test("a tab whose account has ended takes no other by itself", async () => {
  const fresh = await unused();
  fresh.wear("reviewer-1");
  house.next(session("cadre-1"), labels);
  await fresh.loadSession();
  expect(fresh.hat.value).toBeNull();
  expect(fresh.whereFirst()).toBe("/account");
});
