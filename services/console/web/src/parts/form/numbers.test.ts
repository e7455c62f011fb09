import { afterEach, beforeEach, expect, test } from "vitest";
import { House } from "@testing/house";
import { hats, wear } from "@/api/session";
import { householdOf, listedNumber } from "@/parts/form/numbers";

let house: House;
beforeEach(async () => {
  house = await House.open();
  hats.value = [{ account: "reviewer-1", roles: ["reviewer"], division: "990001", until: "2030-01-01T00:00:00Z", seconds_left: 7200 }];
  wear("reviewer-1");
});
afterEach(() => {
  house.close();
});

test("households of the rows of one page are asked for together, and one that no list has by itself", async () => {
  const items = [{ household_id: "a", national_no: "1" }, { household_id: "b", national_no: null }];
  house.next({ answer: { body: { items, next: null } } }, { answer: { body: { household_id: "c", national_no: "3" } } });
  expect(await Promise.all(["a", "b", "a", "c"].map(householdOf))).toEqual([{ number: "1" }, { number: "" }, { number: "1" }, { number: "3" }]);
  expect(house.received.map(({ path }) => path)).toEqual([
    expect.stringContaining("household_id=a&household_id=b&household_id=c"),
    expect.stringContaining("/households/c"),
  ]);
});

test("of what may be a person the list alone is asked, which refuses nobody", async () => {
  house.next({ answer: { body: { items: [{ household_id: "a", national_no: "1" }], next: null } } });
  expect(await Promise.all(["a", "p"].map(listedNumber))).toEqual(["1", null]);
  expect(house.received.map(({ path }) => path)).toEqual([expect.stringContaining("household_id=a&household_id=p")]);
});
