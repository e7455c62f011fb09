import { describe, expect, it } from "vitest";
import { answersOf } from "@/parts/form/answers";
import { bodyOf, membersOf, newRow, type Field, type Members, type Row } from "@/parts/form/draft";
import { calledAt, faultsIn, papersWanted, placed, placesOf } from "@/parts/form/faults";
import { settledIn, standsFor } from "@/parts/form/paths";

function field(name: string, kind: Field["kind"], more: Partial<Field> = {}): Field {
  return { name, zh: `${name}字`, en: name, kind, required: false, nullable: false, choices: [], fields: [], ...more } as Field;
}

const MEMBER = field("members", "object", {
  required: true,
  fields: [field("name", "text", { required: true }), field("age", "integer")],
});
const FORM: Field[] = [
  field("on", "date", { required: true }),
  field("area", "decimal"),
  field("agreed", "boolean", { default: false }),
  field("kind", "choice", { choices: [{ code: "a", zh: "甲", en: "first" }] }),
  field("decision", "object", { nullable: true, fields: [field("organ", "text", { required: true })] }),
  field("members", "list", { required: true, fewest: 1, item: MEMBER }),
];

function filled(): Members {
  const members = membersOf(FORM, { on: "2014-05-20" });
  members["area"] = "3.500";
  members["kind"] = "a";
  const [first] = members["members"] as Row[];
  (first?.value as Members)["name"] = "某甲";
  return members;
}

describe("the body of a form", () => {
  it("leaves out what was left empty and keeps decimals as they were typed", () => {
    expect(bodyOf(FORM, filled())).toEqual({ on: "2014-05-20", area: "3.500", agreed: false, kind: "a", members: [{ name: "某甲" }] });
  });
  it("sends whole numbers as numbers, and what is none as it was typed", () => {
    const members = filled();
    const row = (members["members"] as Row[])[0]?.value as Members;
    row["age"] = "12";
    expect(bodyOf(FORM, members)["members"]).toEqual([{ name: "某甲", age: 12 }]);
    row["age"] = "12岁";
    expect(bodyOf(FORM, members)["members"]).toEqual([{ name: "某甲", age: "12岁" }]);
  });
  it("keeps an empty entry of a list in its place", () => {
    const rows = [newRow(""), newRow("b")];
    expect(bodyOf([field("words", "list", { item: field("words", "text", { required: true }) })], { words: rows })).toEqual({ words: [null, "b"] });
  });
  it("reads an instant in Shanghai", () => {
    expect(bodyOf([field("to", "instant")], { to: "2018-03-01T09:00" })).toEqual({ to: "2018-03-01T09:00:00+08:00" });
  });
});

describe("what is wrong", () => {
  it("is found before anything is sent, at its field", () => {
    const members = membersOf(FORM);
    members["area"] = "很多";
    expect([...faultsIn(FORM, members).keys()]).toEqual(["/on", "/area", "/members/0/name"]);
    expect(faultsIn(FORM, filled()).size).toBe(0);
    const subject = [field("subject", "id", { refers: "household" })];
    expect([...faultsIn(subject, { subject: "9900011012010001" }).keys()]).toEqual(["/subject"]); // a number that nobody has
    expect(faultsIn(subject, { subject: "00000000-0000-4000-8000-000000000001" }).size).toBe(0);
  });
  it("goes to the nearest field that is drawn, and else stays with the refusal", () => {
    const drawn = new Set(placesOf(FORM, filled()));
    const error = (pointer: string | null) => ({ pointer, code: "x", title: "错", title_en: "wrong" });
    const problem = { errors: [error("#/members/0/age"), error("#/members/0/age/deeper"), error("#/unknown"), error(null)] };
    const { faults, elsewhere } = placed(problem as never, drawn);
    expect([...faults.keys()]).toEqual(["/members/0/age"]);
    expect(elsewhere?.length).toBe(2);
  });
  it("is called as people call it", () => {
    expect(calledAt(FORM, "/members/1/name")).toEqual({ zh: "members字 2 › name字", en: "members 2 › name" });
  });
  it("names the papers that a rule asks for", () => {
    expect(papersWanted({ facts: { missing: ["minutes"] } } as never)).toEqual(["minutes"]);
    expect(papersWanted({ facts: { missing: 3 } } as never)).toEqual([]);
  });
});

it("reads back what was entered, codes by their labels", () => {
  expect(answersOf(FORM, filled()).map((each) => [each.label.zh, each.text?.zh])).toEqual([
    ["on字", "2014-05-20"], ["area字", "3.500"], ["agreed字", "否"], ["kind字", "甲"], ["members字", undefined],
  ]);
});

describe("an address", () => {
  it("belongs to an act or not", () => {
    const template = "/registry/cases/{case_id}/visits";
    expect(standsFor(template, "/registry/cases/7/visits")).toBe(true);
    for (const other of ["/registry/cases/7/reviews", "/registry/cases/../visits", "/registry/cases/7?x=/visits", "/registry/cases/a/b/visits"])
      expect(standsFor(template, other)).toBe(false);
  });
  it("settles fields, unless it is damaged", () => {
    expect(settledIn('{"on":"2014-05-20"}')).toEqual({ on: "2014-05-20" });
    for (const text of [undefined, "{", "[1]", "null"]) expect(settledIn(text)).toEqual({});
  });
});
