// The figures of a period, in the order of the formula that balances them.
import type { components } from "@/api/generated/audit";

export type Row = components["schemas"]["StatementRowAnswer"];
export type RevisedRow = components["schemas"]["RevisedRowAnswer"];
export type Column = components["schemas"]["StatementColumn"];
export type Line = components["schemas"]["Line"];

export const INFLOWS = ["identified", "returned", "moved_in", "transferred_in"] as const satisfies readonly Line[];
export const OUTFLOWS = ["exited", "removed", "cancelled", "moved_out", "transferred_out"] as const satisfies readonly Line[];
export const COLUMNS = ["opening", ...INFLOWS, "size_change", ...OUTFLOWS, "closing"] as const satisfies readonly Column[];

export interface Cell {
  readonly period: string;
  readonly column: Column;
}

/** In the address: "2014.removed". */
export const cellText = (cell: Cell): string => `${cell.period}.${cell.column}`;

export function cellOf(text: string): Cell | null {
  const [period = "", column = ""] = text.split(".");
  const known = COLUMNS.find((each) => each === column);
  return known === undefined || !/^\d{4}$/.test(period) ? null : { period, column: known };
}

/** Whether it is counted on one day: an opening the day before the period, a closing on its last. */
export const isStock = (column: Column): column is "opening" | "closing" => column === "opening" || column === "closing";

export const stockDay = (cell: Cell): string =>
  `${cell.column === "opening" ? String(Number(cell.period) - 1).padStart(4, "0") : cell.period}-12-31`;
