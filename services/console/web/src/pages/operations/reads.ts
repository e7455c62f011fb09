import { answered, assistance, audit, monitoring, registry, send, type Service } from "@/api/ask";
import { useRead } from "@/api/read";
import { Refusal } from "@/api/refusal";
import type { components } from "@/api/generated/registry";

export const SERVICES = ["registry", "assistance", "monitoring", "audit"] as const satisfies readonly Service[];
type Schemas = components["schemas"];

const client = (service: Service): typeof registry =>
  // What is asked here every service has alike.
  ({ registry, assistance, monitoring, audit })[service] as unknown as typeof registry;

export interface Standing {
  readonly clock: Schemas["ClockAnswer"];
  readonly compared: Schemas["ComparedLogAnswer"][];
  readonly differences: Schemas["DifferenceAnswer"][];
  readonly exports: Schemas["RunningExportAnswer"][];
  /** Why it cannot serve; `null` where it can. */
  readonly notReady: Refusal | null;
  /** `registry=123/4567`: how far its answers reflect each log, while they do not to the end. */
  readonly behind: string;
  readonly at: Date;
}

/** How one service stands now. */
export function useStanding(service: Service) {
  return useRead(
    () => ["operations", service],
    async (): Promise<Standing> => {
      const asked = client(service);
      const [clock, integrity, differences, exports, ready] = await Promise.all([
        answered(asked.GET("/clock", {})),
        answered(asked.GET("/integrity", {})),
        answered(asked.GET("/integrity/differences", { params: { query: { limit: 50 } } })),
        answered(asked.GET("/exports", {})),
        send("GET", `/${service}/health/ready`).catch((error: unknown) => {
          if (error instanceof Refusal) return error;
          throw error;
        }),
      ]);
      return {
        clock, compared: integrity.compared, differences: differences.items, exports, at: new Date(),
        notReady: ready instanceof Refusal ? ready : null,
        behind: ready instanceof Refusal ? "" : (ready.headers.get("Lika-Provisional") ?? ""),
      };
    },
  );
}
