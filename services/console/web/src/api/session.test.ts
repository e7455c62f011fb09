import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { House } from "@testing/house";
import { hat, hats, loadSession, signOut, whereFirst } from "@/api/session";
import { standing } from "@/api/standing";
import { codeLabel } from "@/words/labels";

let house: House;
const held = (account: string) => ({ account, roles: ["cadre"], division: "990001", until: "2030-01-01T00:00:00Z", seconds_left: 7200 });
const session = (...accounts: string[]) => ({ answer: { body: { hats: accounts.map(held), labels: "0123456789abcdef" } } });
const labels = { answer: { body: { facts: {}, fields: {}, codes: { Role: { cadre: ["村干部", "village cadre"] } } } } };

beforeEach(async () => {
  house = await House.open();
  hats.value = [];
  sessionStorage.clear();
});
afterEach(() => {
  house.close();
});

test("who is signed in, with the labels of this house", async () => {
  house.next(session("cadre-1"), labels);
  await loadSession();
  expect(hat.value?.account).toBe("cadre-1");
  expect(codeLabel("Role", "cadre")).toEqual({ zh: "村干部", en: "village cadre" });
  expect(codeLabel("Role", "unheard_of")).toEqual({ zh: "unheard_of", en: "unheard_of" });
  expect(house.received.map(({ path }) => path)).toEqual(["/console/bff/session", "/console/bff/labels/0123456789abcdef"]);
});

test("nobody is signed in", async () => {
  house.next(session(), labels);
  await loadSession();
  expect(hat.value).toBeNull();
  expect(whereFirst()).toBe("/sign-in");
});

test("pages without labels show names, which is better than no page", async () => {
  house.next(session("cadre-1"), "lost before");
  await loadSession();
  expect(hat.value?.account).toBe("cadre-1");
});

test("signing out forgets the choice and leaves every page", async () => {
  const leave = vi.spyOn(location, "replace").mockImplementation(() => undefined);
  house.next(session("cadre-1"), labels);
  await loadSession();
  document.body.textContent = "somebody's household";
  await signOut();
  expect(document.body.textContent).toBe("");
  expect(house.received.at(-1)).toMatchObject({ method: "POST", path: "/console/bff/session/endings", headers: { "lika-account": "cadre-1" } });
  expect(sessionStorage.length).toBe(0);
  expect(leave).toHaveBeenCalledExactlyOnceWith("/console/sign-in");
});

test("who could not be signed out is told, and not shown the sign-in as if they were", async () => {
  const leave = vi.spyOn(location, "replace").mockImplementation(() => undefined);
  house.next(session("cadre-1"), labels, "lost before");
  await loadSession();
  await signOut();
  expect(standing.stillSignedIn?.problem.code).toBe("no_connection");
  expect(leave).not.toHaveBeenCalled();
  expect(hat.value?.account).toBe("cadre-1");
});
