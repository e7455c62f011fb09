import { answered, assistance, registry } from "@/api/ask";
import { PAGE, pagesOf } from "@/api/pages";
import { useRead } from "@/api/read";
import type { components } from "@/api/generated/assistance";

export type Entry = components["schemas"]["CalendarEntryAnswer"] & { readonly service: Owing };
export type State = components["schemas"]["DutyState"];
export type Duty = components["schemas"]["DutyAnswer"] & {
  readonly subject: string;
  readonly household_id: string | null;
  readonly national_no: string | null;
  readonly division: string;
};
export const STATES = ["due", "met", "overdue", "missed"] as const satisfies readonly State[];
export type Owing = "registry" | "assistance";

export interface Asked {
  readonly division: string;
  readonly asOf: string;
  readonly knownAt: string;
  readonly since: string;
}

const scope = ({ division, asOf, knownAt, since }: Asked) => ({
  ...(division && { division }), ...(asOf && { as_of: asOf }), ...(knownAt && { known_at: knownAt }), ...(since && { since }),
});

/** Of the services that owe duties, all by month; both at the same pair of days. */
export function useCalendar(asked: () => Asked) {
  return useRead(
    () => ["duty calendar", asked()],
    async () => {
      const params = { params: { query: scope(asked()) } };
      const [own, aid] = await Promise.all([
        answered(registry.GET("/duties/calendar", params)), answered(assistance.GET("/duties/calendar", params)),
      ]);
      const entries: Entry[] = [
        ...own.entries.map((entry) => ({ ...entry, service: "registry" as const })),
        ...aid.entries.map((entry) => ({ ...entry, service: "assistance" as const })),
      ];
      const logs = [{ log: "registry", position: own.position }, { log: "assistance", position: aid.position }];
      return { ...aid, entries, logs, digests: [own.digest, aid.digest] };
    },
  );
}

/** What one number of the calendar counts. */
export interface Cell {
  readonly service: Owing;
  readonly dutySet: string;
  readonly duty: string;
  readonly month: string;
  readonly state: State;
}

/** In the address: "assistance.pairing_helper.helper.2014-07.met". */
export const cellText = (cell: Cell): string => [cell.service, cell.dutySet, cell.duty, cell.month, cell.state].join(".");

export function cellOf(text: string): Cell | null {
  const [service = "", dutySet = "", duty = "", month = "", state = ""] = text.split(".");
  const known = STATES.find((each) => each === state);
  return known === undefined || (service !== "registry" && service !== "assistance") ? null : { service, dutySet, duty, month, state: known };
}

/** Its duties, among the first subjects; `most`: how many subjects are looked through. */
export function useDuties(asked: () => Asked, cell: () => Cell, most: () => number) {
  return useRead(
    () => ["duties", asked(), cell(), most()],
    async () => {
      const { service, dutySet, duty, month, state } = cell();
      const { items, next } = await pagesOf((cursor) => {
        const query = { ...scope(asked()), state, limit: PAGE, ...(cursor !== undefined && { cursor }) };
        return service === "registry" ? answered(registry.GET("/duties", { params: { query } })) : answered(assistance.GET("/duties", { params: { query } }));
      }, most());
      const found: Duty[] = items.flatMap(({ duties, ...of }) =>
        duties.filter((each) => each.duty_set === dutySet && each.duty === duty && each.last.startsWith(month)).map((each) => ({ ...each, ...of })),
      );
      return { items: found, next };
    },
  );
}
