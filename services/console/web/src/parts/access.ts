// What the access tables of the services let the caller do and read.
import { answered, assistance, audit, monitoring, registry, type Service } from "@/api/ask";
import { useRead } from "@/api/read";

export const SERVICES: readonly Service[] = ["registry", "assistance", "monitoring", "audit"];

const ASKED: Record<Service, () => Promise<{ acts: readonly { act: string }[] }>> = {
  registry: () => answered(registry.GET("/access", {})),
  assistance: () => answered(assistance.GET("/access", {})),
  monitoring: () => answered(monitoring.GET("/access", {})),
  audit: () => answered(audit.GET("/access", {})),
};

const actsAt = async (service: Service): Promise<ReadonlySet<string>> => new Set((await ASKED[service]()).acts.map((each) => each.act));

/** Operations of one service. */
export const useAccess = (service: () => Service, enabled: () => boolean = () => true) =>
  useRead(() => ["access of", service()], () => actsAt(service()), enabled);

/** Of several; `null` for one that does not answer. */
export const accessOf = async (services: readonly Service[]): Promise<Map<Service, ReadonlySet<string> | null>> =>
  new Map(await Promise.all(services.map(async (service) => [service, await actsAt(service).catch(() => null)] as const)));
