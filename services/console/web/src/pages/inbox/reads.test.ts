import { afterEach, beforeEach, expect, test } from "vitest";
import { House, problem } from "@testing/house";
import { opened } from "@/pages/inbox/reads";

const COUNTS = { division: "990001", today: "2018-01-01", counts: { overdue: 2, waiting: 1 }, first: {} };
let house: House;

beforeEach(async () => {
  house = await House.open();
});
afterEach(() => {
  house.close();
});

test("a service that answers without counts is told as one that does not answer, never as one where nothing waits", async () => {
  for (const wrong of [{ items: [] }, { ...COUNTS, counts: [] }, { ...COUNTS, counts: { overdue: "2" } }, null, "<html>"]) {
    house.next({ answer: { body: COUNTS } }, { answer: { body: wrong } }, { answer: { body: COUNTS } });
    const told = await opened("");
    expect([told.away?.problem.code, told.today, Object.keys(told.counts).length]).toEqual(["not_understood", "2018-01-01", 2]);
  }
});

test("where no service answers, the first refusal is thrown", async () => {
  house.next(...Array.from({ length: 3 }, () => ({ answer: problem("role_not_allowed", 403) })));
  await expect(opened("")).rejects.toMatchObject({ problem: { code: "role_not_allowed" } });
});
