import { answered, assistance, registry, type Service } from "@/api/ask";
import type { components } from "@/api/generated/registry";
import { useRead } from "@/api/read";

export type Notice = components["schemas"]["PostedNoticeAnswer"] & { service: Service };

const LIMIT = 200;

/** What hangs in the caller's area, by village. */
export function useNotices() {
  return useRead(
    () => ["notices"],
    async (): Promise<Notice[]> => {
      const params = { params: { query: { limit: LIMIT } } };
      const [one, two] = await Promise.all([
        answered(registry.GET("/cases/notices", params)),
        answered(assistance.GET("/cases/notices", params)),
      ]);
      const found = [
        ...one.items.map((each) => ({ ...each, service: "registry" as const })),
        ...two.items.map((each) => ({ ...each, service: "assistance" as const })),
      ];
      return found.sort((each, other) => each.division.localeCompare(other.division) || each.last_day.localeCompare(other.last_day));
    },
  );
}
