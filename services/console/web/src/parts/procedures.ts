// Names of procedures and of their steps, as the documents in force give them: asked for once, for no edition changes.
import { answered, assistance, registry } from "@/api/ask";
import { useRead } from "@/api/read";
import { say, type Pair } from "@/words/say";

/** Services that keep cases. */
export type CaseService = "registry" | "assistance";

interface Procedure extends Pair {
  procedure: string;
  steps: readonly ({ key: string } & Pair)[];
}

const MOST = 200;

async function procedures(service: CaseService): Promise<Map<string, Procedure>> {
  const query = { kind: "procedure", limit: MOST } as const;
  const listed =
    service === "registry"
      ? await answered(registry.GET("/documents", { params: { query } }))
      : await answered(assistance.GET("/documents", { params: { query } }));
  const read = async (number: number): Promise<Procedure> => {
    const path = { path: { number } };
    const found =
      service === "registry"
        ? await answered(registry.GET("/documents/{number}", { params: path }))
        : await answered(assistance.GET("/documents/{number}", { params: path }));
    return JSON.parse(found.content) as Procedure;
  };
  // The latest edition of each names it.
  const latest = new Map(listed.items.map((each) => [each.key, each.number]));
  return new Map((await Promise.all([...latest.values()].map(read))).map((each) => [each.procedure, each]));
}

/** `enabled`: not before; keys stand in the place of names until then. */
export function useProcedures(service: () => CaseService, enabled: () => boolean = () => true) {
  const { data } = useRead(() => ["procedures", service()], () => procedures(service()), enabled);
  const keys = (): string[] => [...(data.value?.keys() ?? [])];
  const nameOf = (key: string): string => say(data.value?.get(key) ?? { zh: key, en: key });
  const stepOf = (key: string, step: string): string =>
    say(data.value?.get(key)?.steps.find((each) => each.key === step) ?? { zh: step, en: step });
  return { keys, nameOf, stepOf };
}
