import { PAGE, pagesOf } from "@/api/pages";
import { answered, assistance, registry, type Service } from "@/api/ask";
import type { components } from "@/api/generated/registry";
import { useRead } from "@/api/read";

export type Notice = components["schemas"]["PostedNoticeAnswer"] & { service: Service };

const MOST = 2_000;

/** What hangs in the caller's area, by village. */
export function useNotices() {
  return useRead(
    () => ["notices"],
    async (): Promise<{ items: Notice[]; isCut: boolean }> => {
      const params = (cursor?: string) => ({ params: { query: { limit: PAGE, ...(cursor !== undefined && { cursor }) } } });
      const [one, two] = await Promise.all([
        pagesOf((cursor) => answered(registry.GET("/cases/notices", params(cursor))), MOST),
        pagesOf((cursor) => answered(assistance.GET("/cases/notices", params(cursor))), MOST),
      ]);
      const found = [
        ...one.items.map((each) => ({ ...each, service: "registry" as const })),
        ...two.items.map((each) => ({ ...each, service: "assistance" as const })),
      ];
      found.sort((each, other) => each.division.localeCompare(other.division) || each.last_day.localeCompare(other.last_day));
      return { items: found, isCut: one.next !== null || two.next !== null };
    },
  );
}
