import { answered, assistance, monitoring, registry, type Service } from "@/api/ask";
import { useRead } from "@/api/read";
import type { components } from "@/api/generated/registry";

export type Entry = components["schemas"]["InboxEntryAnswer"] & { service: Service };

/** What waits in all services, oldest first. */
export function useInbox() {
  return useRead(
    () => ["inbox"],
    async () => {
      const [one, two, three] = await Promise.all([
        answered(registry.GET("/inbox", {})),
        answered(assistance.GET("/inbox", {})),
        answered(monitoring.GET("/inbox", {})),
      ]);
      const entries: Entry[] = [
        ...one.items.map((entry) => ({ ...entry, service: "registry" as const })),
        ...two.items.map((entry) => ({ ...entry, service: "assistance" as const })),
        ...three.items.map((entry) => ({ ...entry, service: "monitoring" as const })),
      ];
      return entries.sort((a, b) => a.since.localeCompare(b.since));
    },
  );
}
