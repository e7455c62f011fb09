// Names of procedures and of their steps, as the documents in force give them: asked for once, for no edition changes.
import { content, send } from "@/api/ask";
import { useRead } from "@/api/read";
import { say, type Pair } from "@/words/say";

/** Services that keep cases. */
export type CaseService = "registry" | "assistance" | "monitoring";

interface Procedure extends Pair {
  procedure: string;
  steps: readonly ({ key: string } & Pair)[];
}

const MOST = 200;

async function procedures(service: CaseService): Promise<Map<string, Procedure>> {
  const query = new URLSearchParams({ kind: "procedure", limit: String(MOST) });
  const listed = await content<{ items: { key: string; number: number }[] }>(await send("GET", `/${service}/documents?${query}`));
  const read = async (number: number): Promise<Procedure> => {
    const found = await content<{ content: string }>(await send("GET", `/${service}/documents/${number}`));
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
