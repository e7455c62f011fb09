import { mount } from "@vue/test-utils";
import { createTextVNode, defineComponent, h, nextTick, ref } from "vue";
import { expect, test } from "vitest";
import DataTable from "@/parts/DataTable.vue";

const caption = { zh: "农户", en: "Households" };
const columns = [
  { name: "code", title: { zh: "编号", en: "Code" } },
  { name: "persons", title: { zh: "人口", en: "Persons" }, number: true },
];
const rows = [{ code: "99-00", persons: 3, on: null }, { code: "9901", persons: null, on: null }];

function table(cell?: (row: { code: string }) => string) {
  const turning = ref(0);
  const page = defineComponent(() => () => [
    h("p", turning.value),
    h(DataTable as never, { caption, columns, rows, by: BY }, { $stable: true, ...(cell && { code: ({ row }: { row: { code: string } }) => h("b", cell(row)) }) }),
  ]);
  return { page: mount(page), turning };
}
const BY = ["code", "on"];

test("a column without a cell of its own shows its field, codes in one piece and nothing as a dash", () => {
  const { page } = table();
  expect(page.findAll("tbody td").map((each) => each.text())).toEqual(["99-00", "3", "9901", "—"]);
  expect(page.findAll("tbody td").map((each) => each.attributes("data-title"))).toEqual(["编号", "人口", "编号", "人口"]);
  expect(page.findAll(".whole").map((each) => each.text())).toEqual(["99-00"]);
  expect(page.findAll("td.number").length).toBe(2);
});

test("a cell holds what its slot gives and nothing beside", () => {
  const { page } = table(({ code }) => code);
  const first = page.get("tbody td");
  expect([...first.element.childNodes].map((each) => each.nodeName)).toEqual(["B"]);
});

test("a cell whose slot gives a text alone holds no node but that text", () => {
  const text = defineComponent(() => () => h(DataTable as never, { caption, columns, rows, by: BY }, { code: ({ row }: { row: { code: string } }) => [createTextVNode(row.code)] }));
  expect([...mount(text).get("tbody td").element.childNodes].map((each) => [each.nodeName, each.textContent])).toEqual([["#text", "99-00"]]);
});

test("what else changes on its page draws no row anew", async () => {
  let drawn = 0;
  const { page, turning } = table(({ code }) => `${code} ${(drawn += 1)}`);
  turning.value = 1;
  await nextTick();
  expect(page.find("p").text()).toBe("1");
  expect(drawn).toBe(rows.length);
});
