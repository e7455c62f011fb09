import { afterEach, beforeEach, expect, test } from "vitest";
import { House, problem } from "@testing/house";
import { hats, wear } from "@/api/session";
import { useWorkbook } from "@/pages/intake/orders";

let house: House;
const BOOK = { name: "农户.xlsx", content: new ArrayBuffer(8) };
const SUMMARY = { recorded: 3, updated: 0, unchanged: 0, refused: 0, errors: [] };
const FORMER = { batch_id: "1", file_sha256: "d", started_at: "2016-05-20T00:00:00Z", summary: SUMMARY };

beforeEach(async () => {
  house = await House.open();
  hats.value = [{ account: "cadre-1", roles: ["cadre"], division: "990001", until: "2030-01-01T00:00:00Z", seconds_left: 7200 }];
  wear("cadre-1");
});
afterEach(() => {
  house.close();
});

/** Tried, of a file that was imported before. */
async function tried() {
  const workbook = useWorkbook(() => "/registry/intake");
  house.next({ answer: { body: { ...SUMMARY, file_sha256: "d" } } }, { answer: { body: [FORMER] } });
  await workbook.tryIt(BOOK);
  return workbook;
}

test("an import anew that is refused is not told as the former one", async () => {
  const { importIt, imported, refusal } = await tried();
  house.next({ answer: problem("too_many_uploads", 429) }, { answer: { body: [FORMER] } });
  await importIt(BOOK, "d", true);
  expect(imported.value).toBeNull();
  expect(refusal.value?.problem.code).toBe("too_many_uploads");
});

test("an import anew that did not arrive is not told as the former one, and sent again it is the same", async () => {
  const { importIt, again, imported } = await tried();
  house.next("lost before", { answer: { body: [FORMER] } });
  await importIt(BOOK, "d", true);
  expect(imported.value).toBeNull();
  house.next({ answer: { body: { ...SUMMARY, file_sha256: "d", recorded: 4 } } });
  await again.value();
  const [, ...keys] = house.keys();
  expect(imported.value?.recorded).toBe(4);
  expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
});

test("an import anew whose answer was lost is told once it ended", async () => {
  const { importIt, imported } = await tried();
  house.next("lost before", { answer: { body: [{ ...FORMER, batch_id: "2", summary: { ...SUMMARY, recorded: 5 } }, FORMER] } });
  await importIt(BOOK, "d", true);
  expect(imported.value?.recorded).toBe(5);
});
