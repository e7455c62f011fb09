import { answered, monitoring } from "@/api/ask";
import { PAGE, pagesOf } from "@/api/pages";
import { useRead } from "@/api/read";
import type { components } from "@/api/generated/monitoring";

export type Target = components["schemas"]["TargetAnswer"];
export type TargetPath = components["schemas"]["TargetPathAnswer"];
export type State = components["schemas"]["TargetState"];
export const STATES = ["open", "overdue", "met", "struck_off", "withdrawn"] as const satisfies readonly State[];
const MOST = 1000;

export interface Asked {
  readonly division: string;
  readonly year: string;
  readonly state: string;
}

const stateOf = (text: string): State | undefined => STATES.find((each) => each === text);

export function useTargets(asked: () => Asked) {
  return useRead(
    () => ["targets", asked()],
    () =>
      pagesOf((cursor) => {
        const { division, year, state } = asked();
        const known = stateOf(state);
        const query = {
          limit: PAGE, ...(division && { division }), ...(year && { year: Number(year) }), ...(known && { state: known }),
          ...(cursor !== undefined && { cursor }),
        };
        return answered(monitoring.GET("/targets", { params: { query } }));
      }, MOST),
  );
}

export function useOwners(asked: () => Asked, wanted: () => boolean) {
  return useRead(
    () => ["owners", asked()],
    () =>
      pagesOf((cursor) => {
        const { division, year } = asked();
        const query = { limit: PAGE, ...(division && { division }), ...(year && { year: Number(year) }), ...(cursor !== undefined && { cursor }) };
        return answered(monitoring.GET("/owners", { params: { query } }));
      }, MOST),
    wanted,
  );
}

export function useTargetPath(id: () => string, knownAt: () => string) {
  return useRead(
    () => ["target path", id(), knownAt()],
    () => {
      const query = { ...(knownAt() && { known_at: knownAt() }) };
      return answered(monitoring.GET("/targets/{target_id}/path", { params: { path: { target_id: id() }, query } }));
    },
    () => id() !== "",
  );
}
