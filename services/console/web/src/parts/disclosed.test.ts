import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { disclosed, hide, plainValue, secondsLeft, show, SHOWN_FOR, type Disclosed } from "@/parts/disclosed";

const household = (id: string, own: Record<string, string>, members: Record<string, Record<string, string>> = {}): Disclosed => ({
  household_id: id, national_no: null, household: own, members,
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  hide();
  vi.useRealTimers();
});

test("what was opened is hidden again after some minutes, and not before", () => {
  show([household("a", { phone: "02300000000" })]);
  vi.advanceTimersByTime((SHOWN_FOR - 1) * 1_000);
  expect(plainValue("a", "phone")).toBe("02300000000");
  expect(secondsLeft.value).toBe(1);
  vi.advanceTimersByTime(1_000);
  expect(plainValue("a", "phone")).toBeUndefined();
  expect(disclosed.value).toEqual([]);
});

test("fields opened one after the other stand together, and their time begins anew", () => {
  show([household("a", { phone: "1" }, { p: { name: "x" } })]);
  vi.advanceTimersByTime(60_000);
  show([household("a", { address: "2" }, { p: { id_number: "y" } })]);
  expect([plainValue("a", "phone"), plainValue("a", "address")]).toEqual(["1", "2"]);
  expect([plainValue("a", "name", "p"), plainValue("a", "id_number", "p")]).toEqual(["x", "y"]);
  expect(secondsLeft.value).toBe(SHOWN_FOR);
});

test("a page that is put away leaves nothing behind", () => {
  show([household("a", { phone: "1" })]);
  dispatchEvent(new Event("pagehide"));
  expect(disclosed.value).toEqual([]);
});
