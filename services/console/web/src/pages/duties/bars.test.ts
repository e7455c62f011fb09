import { expect, test } from "vitest";
import { barsOf } from "@/pages/duties/bars";
import type { Entry, State } from "@/pages/duties/reads";

const entry = (month: string, state: State, duties: number, service: Entry["service"] = "assistance"): Entry =>
  ({ service, month, state, duties, duty_set: "pairing", duty: "helper", title: { zh: "", en: "" } }) as unknown as Entry;

test("months are in order, and what two services owe in one of them stands together, state on state", () => {
  const bars = barsOf([entry("2014-08", "met", 2), entry("2014-07", "missed", 1), entry("2014-07", "met", 4), entry("2014-07", "met", 3, "registry")]);
  expect(bars).toEqual([
    { month: "2014-07", total: 8, parts: [{ state: "met", duties: 7, below: 0 }, { state: "missed", duties: 1, below: 7 }] },
    { month: "2014-08", total: 2, parts: [{ state: "met", duties: 2, below: 0 }] },
  ]);
});
