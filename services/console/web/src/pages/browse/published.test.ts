import { expect, test } from "vitest";
import type { Field } from "@/parts/form/draft";
import { grouped } from "@/parts/count";
import { isAmount } from "@/parts/reads_published";
import { columnsOf, isTable, namesOf, placesIn, readAt, readsBelow, subjectsOf } from "@/pages/browse/published";

const read = (act: string, path: string) => ({ act, zh: act, en: act, path, is_typed: true });
const READS = [
  read("list_posts", "/registry/staff/posts"), read("read_staff", "/registry/staff/{staff_id}"),
  read("list_staff_facts", "/registry/staff/{staff_id}/facts"),
];
const field = (name: string, kind: Field["kind"], fields: Field[] = []): Field =>
  ({ name, kind, zh: name, en: name, required: false, nullable: false, choices: [], fields }) as unknown as Field;

test("a path that is said in full is that read, and none with a part left open", () => {
  expect(readAt(READS, "/registry/staff/posts")?.act).toBe("list_posts");
  expect(readAt(READS, "/registry/staff/s1")?.act).toBe("read_staff");
  expect(readAt(READS, "/registry/schools")).toBeNull();
});

test("below a subject stands what else is read of it, below a collection nothing", () => {
  expect(readsBelow(READS, "/registry/staff/s1").map((each) => each.path)).toEqual(["/registry/staff/s1/facts"]);
  expect(readsBelow(READS, "/registry/staff/posts")).toEqual([]);
});

test("a row leads where all that the path names stands in it, also in what it is made of", () => {
  const row = { name: "***", post: { post_id: "p1", staff_id: "s1" }, household_id: null };
  const templates = ["/registry/staff/{staff_id}/posts/{post_id}", "/registry/households/{household_id}", "/registry/documents/{number}"];
  expect(subjectsOf(templates, row)).toEqual(["/registry/staff/s1/posts/p1"]);
});

test("columns are the fields that say something; what a record is made of stands beside them, ids do not", () => {
  const fields = [field("name", "text"), field("post", "object", [field("post_id", "id"), field("role", "text")]), field("left_on", "date")];
  const rows = [{ name: "***", post: { post_id: "p1", role: "cadre" }, left_on: null }];
  const columns = columnsOf(fields, rows);
  expect(columns.map((column) => column.name)).toEqual(["name", "post.role"]);
  expect(columns.map((column) => rows.map(column.of))).toEqual([["***"], ["cadre"]]);
});

test("ids of facts and of what has no page are no column, and sums stand with their thousands apart", () => {
  const id = "da4ddafa-f627-56ad-8670-19e34b7b1809";
  const rows = [{ id: `monitoring/project-${id}/1`, key: `project:${id}`, type: "ProjectDrafted", paid: "855000" }];
  const fields = [field("id", "text"), field("key", "text"), field("type", "text"), { ...field("paid", "text"), zh: "已支付(元)" }];
  const columns = columnsOf(fields, rows);
  expect(columns.map((column) => column.name)).toEqual(["type", "paid"]);
  expect(columns.map((column) => isAmount(column.field))).toEqual([false, true]);
  expect(["855000", "-1234567.50", "4.3500", "0", "样例"].map(grouped)).toEqual(["855,000", "−1,234,567.50", "4.3500", "0", "样例"]);
});

test("what codes of the same answer are called is no content", () => {
  const said = { labels: { poverty_cause: { disaster: { zh: "因灾", en: "disaster" } } }, stock: { disaster: { households: 1 } } };
  expect(columnsOf([field("labels", "object"), field("stock", "object", [field("disaster", "object", [field("households", "integer")])])], [said]).map((each) => each.name)).toEqual(["stock.disaster.households"]);
});

test("the number of a household stands once, by which it is opened", () => {
  const fields = [{ ...field("household_id", "id"), refers: "household" }, field("national_no", "text")];
  const rows = [{ household_id: "da4ddafa-f627-56ad-8670-19e34b7b1809", national_no: "9900011012020044" }];
  expect(columnsOf(fields, rows).map((column) => column.name)).toEqual(["household_id"]);
  expect(columnsOf(fields.slice(1), rows.map((row) => ({ national_no: row.national_no }))).map((column) => column.name)).toEqual(["national_no"]);
});

test("places are found however deep they stand, and a map of records is no table", () => {
  const row = { division: "990001101", lines: [{ paying_county: "990001", code: "12" }], within: { jurisdiction: "CN", of: { division: "99" } } };
  expect(placesIn(row)).toEqual(["990001101", "990001", "99"]);
  const figures = field("by_kind", "object", [field("households", "integer")]);
  expect([isTable({ ...field("rows", "list"), item: figures }), isTable({ ...field("by_kind", "map"), item: figures })]).toEqual([true, false]);
});

test("columns of one name say within what they stand", () => {
  const figures = [field("households", "integer"), field("persons", "integer")];
  const columns = columnsOf([field("opening", "object", figures), field("closing", "object", figures)], [
    { opening: { households: 1, persons: 3 }, closing: { households: 2, persons: 5 } },
  ]);
  expect(columns.map((column) => column.title.zh)).toEqual(["opening households", "opening persons", "closing households", "closing persons"]);
});

test("a record is called by the fields that name it, as far as they say something", () => {
  const fields = [field("lender", "text"), { ...field("contract_no", "text"), names: true }, { ...field("programme", "text"), names: true }];
  const names = (record: Record<string, unknown>): string[] => namesOf(fields, record).map((each) => each.name);
  expect(names({ lender: "农商行", contract_no: "样扶2016-7", programme: null })).toEqual(["contract_no"]);
  expect(names({ lender: "农商行" })).toEqual([]);
});

test("of what is said in both languages the reader's alone is a column, and a sentence is one", () => {
  const both = [field("zh", "text"), field("en", "text")];
  const rows = [{ key: "aid", zh: "教育资助", en: "education aid", step: { zh: "评议", en: "appraisal" }, content: "修路", content_en: "roads" }];
  const fields = [field("key", "text"), ...both, field("step", "object", both), field("content", "text"), field("content_en", "text")];
  expect(columnsOf(fields, rows).map((column) => column.name)).toEqual(["key", "zh", "step", "content"]);
});
