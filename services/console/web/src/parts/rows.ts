// The rows of a table, without a component or a fragment for each cell: of two hundred rows that is what takes the time.
import { h, Text, type FunctionalComponent, type Slot, type VNode } from "vue";

interface Column {
  readonly name: string;
  readonly title: string;
  readonly number?: boolean;
}
interface Props {
  rows: readonly object[];
  columns: readonly Column[];
  /** The fields by which one row is told from the others. */
  by: readonly string[];
  /** By the column's name; a column without shows its field as it is. */
  cells: Readonly<Record<string, Slot | undefined>>;
}
type Values = Record<string, unknown>;

/** Days and codes that would break at a hyphen are read in one piece. */
const WHOLE = /^(?=.*-)[\dA-Z.:-]{1,20}$/;
const keyed = (value: unknown): unknown => (typeof value === "object" ? JSON.stringify(value) : value);

type Content = string | VNode[];

function plain(value: unknown): Content {
  const text = String(value ?? "—");
  return WHOLE.test(text) ? [h("span", { class: "whole" }, text)] : text;
}

/** What a slot draws; a text alone stands in its cell without a node of its own. */
function drawn(slot: Slot, row: Values): Content {
  const nodes = slot({ row });
  const [first] = nodes;
  return nodes.length === 1 && first?.type === Text ? String(first.children) : nodes;
}

export const Rows: FunctionalComponent<Props> = ({ rows, columns, by, cells }) =>
  (rows as readonly Values[]).map((row) =>
    h(
      "tr",
      { key: by.map((name) => keyed(row[name])).join(" ") },
      columns.map(({ name, title, number }) => {
        const slot = cells[name];
        const content = slot === undefined ? plain(row[name]) : drawn(slot, row);
        return h("td", { key: name, class: number ? "number" : undefined, "data-title": title }, content);
      }),
    ),
  );
Rows.props = ["rows", "columns", "by", "cells"];
