import { expect, test } from "vitest";
import { nextPage, type Merged, type ReadPage } from "@/pages/inbox/merging";

const byNumber = (one: number, other: number): number => one - other;

/** A list in pages of a size; its cursor is the last row that was given out. */
function paged(rows: readonly number[], size: number): ReadPage<number> {
  return (cursor) => {
    const left = cursor === undefined ? rows : rows.filter((row) => row > Number(cursor));
    const items = left.slice(0, size);
    return Promise.resolve({ items, next: left.length > size ? String(items[items.length - 1]) : null });
  };
}

async function pagesOf(lists: readonly ReadPage<number>[]): Promise<number[][]> {
  const pages: number[][] = [];
  let rest: Merged<number>["rest"] = null;
  do {
    const page: Merged<number> = await nextPage(lists, rest, byNumber);
    pages.push([...page.items]);
    rest = page.rest;
  } while (rest !== null);
  return pages;
}

test("no row is lost or doubled where pages end, however long the lists and their pages are", async () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 200; round++) {
    const lists: number[][] = [[], [], []];
    for (let row = 0; row < random(60); row++) lists[random(3)]?.push(row);
    const size = 1 + random(9);
    const pages = await pagesOf(lists.map((rows) => paged(rows, size)));
    expect(pages.flat()).toEqual(lists.flat().sort(byNumber));
    // Every page brings something, so that asking for more is never in vain.
    if (pages.length > 1) expect(pages.every((page) => page.length > 0)).toBe(true);
  }
});

test("a row waits until no list can still bring one before it", async () => {
  const lists = [paged([1, 2, 9], 2), paged([3, 4, 5, 6], 2)];
  expect(await pagesOf(lists)).toEqual([[1, 2], [3, 4], [5, 6, 9]]);
});
