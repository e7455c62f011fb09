import { answered, content, registry, send } from "@/api/ask";
import type { components } from "@/api/generated/registry";
import { useRead } from "@/api/read";

type Schemas = components["schemas"];

/** The notice of a case as it hangs, with the household that it is about. Of persons only what a notice may show. */
export function useSheet(service: () => string, id: () => string, step: () => string) {
  return useRead(
    () => ["sheet", service(), id(), step()],
    async () => {
      const path = `/${service()}/cases/${id()}`;
      const [found, steps] = await Promise.all([
        send("GET", path).then((answer) => content<Schemas["CaseAnswer"]>(answer)),
        send("GET", `${path}/steps`).then((answer) => content<Schemas["StepsAnswer"]>(answer)),
      ]);
      const household = found.household_id
        ? await answered(registry.GET("/households/{household_id}", { params: { path: { household_id: found.household_id } } }))
        : null;
      const notice = steps.steps.find((each) => each.key === step() && each.state === "posted");
      const head = household?.members.find((member) => member.relation === "head");
      const named = household && head && { household: household.household_id, person: head.person_id, masked: head.name };
      return {
        division: found.division, steps, notice,
        household: household && { no: household.national_no, head: named, persons: household.members.length },
      };
    },
  );
}
