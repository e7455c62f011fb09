import { afterEach, beforeEach, expect, test } from "vitest";
import { House, problem } from "@testing/house";
import { answered, content, registry, remember, send } from "@/api/ask";
import { Refusal } from "@/api/refusal";
import { hats, wear } from "@/api/session";
import { standing } from "@/api/standing";

let house: House;
const hat = (account: string) => ({ account, roles: ["cadre" as const], division: "990001", until: "2030-01-01T00:00:00Z", seconds_left: 7200 });
const inbox = () => answered(registry.GET("/inbox", {}));

async function refused(request: Promise<unknown>): Promise<Refusal> {
  const refusal: unknown = await request.catch((error: unknown) => error);
  if (!(refusal instanceof Refusal)) throw new Error("not refused");
  return refusal;
}

beforeEach(async () => {
  house = await House.open();
  hats.value = [hat("cadre-1"), hat("cadre-2")];
  wear("cadre-1");
});
afterEach(() => {
  house.close();
});

test("each request says for whom it is, and goes through the console", async () => {
  expect(await inbox()).toEqual({ items: 0 });
  wear("cadre-2");
  await send("GET", "/audit/stock");
  expect(house.received.map(({ path, headers }) => [path, headers["lika-account"]])).toEqual([
    ["/console/api/registry/inbox", "cadre-1"],
    ["/console/api/audit/stock", "cadre-2"],
  ]);
});

test("reads wait for what this tab wrote, as far as it ever wrote; orders wait for nothing", async () => {
  remember({ registry: 7, assistance: 3 });
  remember({ registry: 5 });
  remember(undefined);
  await inbox();
  await send("POST", "/registry/households", { body: "{}" });
  expect(house.received.map(({ headers }) => headers["lika-position"])).toEqual(["registry=7,assistance=3", undefined]);
});

test("a header of one's own goes beside the console's", async () => {
  await send("GET", "/audit/stock", { headers: { Accept: "text/csv" } });
  expect(house.received[0]?.headers).toMatchObject({ accept: "text/csv", "lika-account": "cadre-1" });
});

test.each([
  ["by its type", inbox],
  ["by its path", () => send("GET", "/registry/inbox")],
])("asked %s, a problem is a refusal as the service wrote it", async (_, ask) => {
  house.next({ answer: problem("not_your_area", 403) });
  expect((await refused(ask())).problem).toMatchObject({ code: "not_your_area", status: 403, title_en: "No" });
});

test.each([
  ["by its type", inbox],
  ["by its path", () => send("GET", "/registry/inbox").then(content)],
])("asked %s, what is no answer of a service is told apart from no network", async (_, ask) => {
  house.next("lost before", { answer: { status: 502, body: "<html>" } }, { answer: { body: "<html>" } });
  expect((await refused(ask())).problem.code).toBe("no_connection");
  const gateway = await refused(ask());
  expect(gateway.problem.detail).toContain("HTTP 502");
  expect(gateway.problem.code).toBe("not_understood");
  expect((await refused(ask())).problem.code).toBe("not_understood");
});

test("what answers say of themselves is heard, of each service for itself", async () => {
  house.next({ answer: { headers: { "Lika-Clock": "simulated; now=2016-05-20T00:00:00+00:00", "Lika-Provisional": "registry=1/9" } } });
  await inbox();
  expect(standing).toMatchObject({ clock: "2016-05-20T00:00:00+00:00", integrity: false });
  house.next({ answer: { headers: { "Lika-Integrity": "differences=1" } } });
  await send("GET", "/audit/stock");
  expect(standing.provisional).toBe(true);
  expect(standing.integrity).toBe(true);
  house.next({ answer: problem("session_ended", 401) });
  await refused(inbox());
  expect(standing.clock).not.toBe("");
  await inbox();
  await send("GET", "/audit/stock");
  expect(standing.provisional).toBe(false);
  expect(standing.integrity).toBe(false);
});
