// The rows of a table, without a component or a fragment for each cell: of two hundred rows that is what takes the time.
import { h, type FunctionalComponent, type Slot, type VNode } from "vue";

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

/** Days, codes and numbers are read in one piece. */
const WHOLE = /^[\dA-Z.:-]{1,20}$/;
const keyed = (value: unknown): unknown => (typeof value === "object" ? JSON.stringify(value) : value);

function plain(value: unknown): VNode {
  const text = String(value ?? "—");
  return h("span", { class: WHOLE.test(text) ? "whole" : undefined }, text);
}

export const Rows: FunctionalComponent<Props> = ({ rows, columns, by, cells }) =>
  (rows as readonly Values[]).map((row) =>
    h(
      "tr",
      { key: by.map((name) => keyed(row[name])).join(" ") },
      columns.map(({ name, title, number }) =>
        h("td", { key: name, class: number ? "number" : undefined, "data-title": title }, cells[name]?.({ row }) ?? [plain(row[name])]),
      ),
    ),
  );
Rows.props = ["rows", "columns", "by", "cells"];
