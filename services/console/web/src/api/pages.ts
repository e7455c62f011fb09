// Lists that come page by page: as many pages as are wanted, and whether there are more.
export interface Listed<Item> {
  items: Item[];
  next: string | null;
}

export const PAGE = 200;

/** Reads pages until there are none, or `most` items. `read` is given the cursor of each. */
export async function pagesOf<Item>(
  read: (cursor: string | undefined) => Promise<{ items: Item[]; next?: string | null }>,
  most: number,
): Promise<Listed<Item>> {
  const items: Item[] = [];
  let next: string | null = null;
  do {
    const page: { items: Item[]; next?: string | null } = await read(next ?? undefined);
    items.push(...page.items);
    next = page.next ?? null;
  } while (next !== null && items.length < most);
  return { items, next };
}
