import { afterEach, beforeEach, expect, test } from "vitest";
import { House } from "@testing/house";
import { hats, wear } from "@/api/session";
import { openMatters } from "@/parts/matters";

let house: House;
beforeEach(async () => {
  house = await House.open();
  hats.value = [{ account: "reviewer-1", roles: ["reviewer"], division: "990001", until: "2030-01-01T00:00:00Z", seconds_left: 7200 }];
  wear("reviewer-1");
});
afterEach(() => {
  house.close();
});

const page = (items: unknown[], next: string | null) => ({ answer: { body: { items, next } } });
const about = (household: string) => ({ case_id: "c", finding_id: "f", household_id: household, subject: household, opened_on: "2018-01-01", raised_on: "2018-01-01" });

test("what is open is looked for on every page, and only about the households that were chosen", async () => {
  house.next(page([about("h9")], "more"), page([about("h9")], "more"), page([about("h1")], null), page([about("h2")], null));
  const { matters, cut } = await openMatters(["h1", "h2"], "990001");
  expect(matters.map(({ household }) => household).sort()).toEqual(["h1", "h2"]);
  expect(cut).toBe(false);
  expect(house.received.filter(({ path }) => path.includes("cursor=more"))).toHaveLength(2);
});

test("where more is open than is looked through, it says so", async () => {
  const endless = page(Array.from({ length: 1000 }, () => about("h9")), "more");
  house.next(endless, endless, endless, endless);
  expect(await openMatters(["h1", "h2"], "990001")).toEqual({ matters: [], cut: true });
});
