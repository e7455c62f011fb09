// The acts that are open on subjects to the caller, as their services say them: no page knows which there are.
import { content, send } from "@/api/ask";
import type { components } from "@/api/generated/registry";
import { useRead } from "@/api/read";
import { Refusal } from "@/api/refusal";
import { actLink, type Act } from "@/parts/links";

type SubjectActs = components["schemas"]["SubjectActsAnswer"];

/** Subjects that a service is asked about at once. */
const AT_ONCE = 50;

/** By subject (`/registry/clues/…`). A service that is away keeps back its own acts alone. */
export function useOpenActs(subjects: () => readonly string[]) {
  const { data } = useRead(
    () => ["open acts", ...subjects()],
    async () => new Map((await Promise.all(asked(subjects()).map(ask))).flat().map((each) => [each.subject, { exists: each.exists, acts: each.acts.map(linked) }])),
    () => subjects().length > 0,
  );
  /** Of all these subjects together; `null` while they are on their way. */
  const openOn = (...of: readonly string[]): Act[] | null => (data.value === undefined ? null : of.flatMap((each) => data.value?.get(each)?.acts ?? []));
  /** Whether there is such a subject, as far as its service says. */
  const exists = (subject: string): boolean => data.value?.get(subject)?.exists ?? true;
  return Object.assign(openOn, { exists });
}

const linked = (act: SubjectActs["acts"][number]): Act => ({ act: act.act, zh: act.zh, en: act.en, path: act.path, to: actLink(act) });

/** Of one service each, none of too many. */
function asked(subjects: readonly string[]): string[][] {
  const services = new Map<string, string[]>();
  for (const subject of new Set(subjects)) {
    const service = subject.split("/")[1] ?? "";
    services.set(service, [...(services.get(service) ?? []), subject]);
  }
  return [...services.values()].flatMap((all) =>
    Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, at) => all.slice(at * AT_ONCE, (at + 1) * AT_ONCE)),
  );
}

async function ask(subjects: readonly string[]): Promise<SubjectActs[]> {
  const query = new URLSearchParams(subjects.map((each) => ["subject", each]));
  try {
    return await content<SubjectActs[]>(await send("GET", `/${subjects[0]?.split("/")[1]}/acts?${query}`));
  } catch (error) {
    if (error instanceof Refusal && error.mayBeRecorded) return [];
    throw error;
  }
}
