import { expect, test } from "vitest";
import type { Field } from "@/parts/form/draft";
import { namesMembers, withMembers } from "@/parts/form/members";

const field = (name: string, kind: string, more: object = {}): Field =>
  ({ name, kind, zh: name, en: name, required: true, nullable: false, choices: [], fields: [], ...more }) as unknown as Field;

test("a member is chosen by name wherever a form asks for one, and nothing else changes", () => {
  const text = field("reason", "text");
  const members = field("members", "list", { item: field("members", "object", { fields: [field("person_id", "member"), text] }) });
  const who = [{ code: "031fc029-6082-5842-a1b8-67ed0dedac02", zh: "户主 王*", en: "head 王*" }];
  const [list, other] = withMembers([members, text], who);
  expect(list?.item?.fields.map((each) => [each.kind, each.choices])).toEqual([["choice", who], ["text", []]]);
  expect(other).toEqual(text);
  expect([namesMembers([members]), namesMembers([text])]).toEqual([true, false]);
});
