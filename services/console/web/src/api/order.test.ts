import { afterEach, beforeEach, expect, test } from "vitest";
import { House, problem } from "@testing/house";
import { useOrder } from "@/api/order";
import { hats, wear } from "@/api/session";

let house: House;
let path: string;
let tests = 0;
const hat = (account: string) => ({ account, roles: ["cadre" as const], division: "990001", until: "2030-01-01T00:00:00Z", seconds_left: 7200 });
const VISIT = { on: "2016-05-20", findings: "情况属实" };

beforeEach(async () => {
  house = await House.open();
  path = `/registry/cases/${++tests}/visits`; // what one test leaves open is none of the next
  hats.value = [hat("cadre-1"), hat("cadre-2")];
  wear("cadre-1");
});
afterEach(() => {
  house.close();
});

test("an order is recorded once, and the next is another intent", async () => {
  const { order, refusal, sending } = useOrder();
  expect(await order(path, VISIT)).toMatchObject({ position: { registry: 1 } });
  expect(refusal.value).toBeNull();
  expect(sending.value).toBe(false);
  await order(path, VISIT);
  expect(house.recorded.map(({ body }) => JSON.parse(body) as unknown)).toEqual([VISIT, VISIT]);
  expect(new Set(house.keys()).size).toBe(2);
  expect(house.received[0]).toMatchObject({ path: `/console/api${path}`, headers: { "lika-account": "cadre-1" } });
});

test("a double click sends once", async () => {
  const { order } = useOrder();
  const [one, other] = await Promise.all([order(path, VISIT), order(path, VISIT)]);
  expect(one).not.toBeNull();
  expect(other).toBeNull();
  expect(house.recorded).toHaveLength(1);
});

test("an order without a body is sent without one", async () => {
  await useOrder().order(path, null);
  expect(house.received[0]?.body).toBe("");
});

test("warnings come with what was accepted", async () => {
  const warnings = [{ code: "head_is_a_child", zh: "户主五岁", en: "The head is five" }];
  house.next({ decide: { status: 201, body: { warnings } } });
  expect((await useOrder().order(path, VISIT))?.warnings).toEqual(warnings);
});

test.each(["lost before", "lost after"] as const)("%s: trying again records it exactly once", async (turn) => {
  const { order, refusal } = useOrder();
  house.next(turn);
  expect(await order(path, VISIT)).toBeNull();
  expect(refusal.value?.problem.code).toBe("no_connection");
  expect(await order(path, VISIT)).not.toBeNull();
  expect(refusal.value).toBeNull();
  expect(house.recorded).toHaveLength(1);
  expect(new Set(house.keys()).size).toBe(1);
});

test("an answer that is a proxy's page is none: trying again records it exactly once", async () => {
  const { order, refusal } = useOrder();
  house.next("lost after", { answer: { status: 200, body: "<html>" } }, { answer: { status: 502, body: "<html>" } });
  await order(path, VISIT);
  await order(path, VISIT);
  expect(refusal.value?.problem.code).toBe("not_understood");
  await order(path, VISIT);
  expect(await order(path, VISIT)).not.toBeNull();
  expect(house.recorded).toHaveLength(1);
});

test("whoever leaves the page after a lost answer and comes back is not recorded twice", async () => {
  house.next("lost after");
  await useOrder().order(path, VISIT);
  expect(await useOrder().order(path, VISIT)).not.toBeNull();
  expect(house.recorded).toHaveLength(1);
});

test("changed after a lost answer: told that the former got through, and recorded when sent again", async () => {
  const { order, refusal } = useOrder();
  const changed = { ...VISIT, findings: "已改" };
  house.next("lost after");
  await order(path, VISIT);
  expect(await order(path, changed)).toBeNull();
  expect(refusal.value?.problem.code).toBe("former_decided");
  expect(house.recorded).toHaveLength(1);
  expect(await order(path, changed)).not.toBeNull();
  expect(house.recorded).toHaveLength(2);
});

test("changed after a lost request: recorded as changed, once", async () => {
  const { order } = useOrder();
  house.next("lost before");
  await order(path, VISIT);
  expect(await order(path, { ...VISIT, findings: "已改" })).not.toBeNull();
  expect(house.recorded).toHaveLength(1);
});

test("changed and refused after a lost answer: the former is still found out about", async () => {
  const { order, refusal } = useOrder();
  house.next("lost after", { answer: problem("malformed", 422) });
  await order(path, VISIT);
  await order(path, { on: "2016" });
  expect(refusal.value?.problem.code).toBe("malformed");
  await order(path, { ...VISIT, findings: "已改" });
  expect(refusal.value?.problem.code).toBe("former_decided");
  expect(house.recorded).toHaveLength(1);
});

test("a refusal is decided: the same asked again is asked anew", async () => {
  const { order, refusal } = useOrder();
  house.next({ decide: problem("notice_runs", 409) });
  expect(await order(path, VISIT)).toBeNull();
  expect(refusal.value?.problem.code).toBe("notice_runs");
  expect(await order(path, VISIT)).not.toBeNull();
  expect(new Set(house.keys()).size).toBe(2);
});

test("a refusal whose answer was lost is heard, then asked anew", async () => {
  const { order, refusal } = useOrder();
  house.next("lost before", { decide: problem("notice_runs", 409) });
  await order(path, VISIT);
  await order(path, VISIT);
  expect(refusal.value?.problem.code).toBe("notice_runs");
  expect(await order(path, VISIT)).not.toBeNull();
  expect(new Set(house.keys()).size).toBe(2);
});

test.each([401, 429])("%i after a lost answer decides nothing: the key stays", async (status) => {
  const { order, refusal } = useOrder();
  house.next("lost after", { answer: problem("not_now", status) });
  await order(path, VISIT);
  await order(path, VISIT);
  expect(refusal.value?.problem.status).toBe(status);
  expect(await order(path, VISIT)).not.toBeNull();
  expect(house.recorded).toHaveLength(1);
});

test("two orders of one page keep a key each", async () => {
  const { order } = useOrder();
  const other = `${path}/others`;
  house.next("lost after", "lost after");
  await order(path, VISIT);
  await order(other, VISIT);
  await order(path, VISIT);
  await order(other, VISIT);
  expect(house.recorded.map((each) => each.path)).toEqual([`/console/api${path}`, `/console/api${other}`]);
});

test("two orders to one path on their way at once have a key each", async () => {
  const one = { ...VISIT, findings: "一" };
  const two = { ...VISIT, findings: "二" };
  house.next("lost after", "lost after");
  await Promise.all([useOrder().order(path, one), useOrder().order(path, two)]);
  expect(await useOrder().order(path, one)).not.toBeNull();
  expect(await useOrder().order(path, two)).not.toBeNull();
  expect(house.recorded).toHaveLength(2);
});

test("another account's order is another intent", async () => {
  house.next("lost after");
  await useOrder().order(path, VISIT);
  wear("cadre-2");
  expect(await useOrder().order(path, VISIT)).not.toBeNull();
  expect(new Set(house.keys()).size).toBe(2);
});
