// Where the parts of the flow picture stand. Between two stocks lies a year: what flows in joins the opening on its left half, what
// flows out leaves on its right. Lengths are the server's figures; where they do not add up, the picture shows it.
import { INFLOWS, OUTFLOWS, type Column, type Line, type Row } from "@/pages/statement/columns";
import { linear } from "@/parts/picture/scale";

export type Unit = "households" | "persons";

export const COLUMN_WIDTH = 22;
export const YEAR_WIDTH = 132;
export const LABEL_HEIGHT = 18;
const RISE = 26;
const PLOT = 170;
const FOOT = 44;

/** `y`: its upper edge; `height`: of what is less than a line, a line. */
export interface Stock {
  readonly period: string;
  readonly column: Column;
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly value: number;
}

export interface Band {
  readonly period: string;
  readonly line: Line | "carried";
  readonly out: boolean;
  readonly value: number;
  readonly path: string;
  readonly label: { readonly x: number; readonly y: number };
}

export interface Flow {
  readonly width: number;
  readonly height: number;
  readonly base: number;
  readonly stocks: readonly Stock[];
  readonly bands: readonly Band[];
}

/** In and out of one period: a change of size counts where its sign puts it. */
function flowsOf(row: Row, unit: Unit): { ins: [Line, number][]; outs: [Line, number][] } {
  const size = row.size_change[unit];
  const given = (lines: readonly Line[]) => lines.map((line): [Line, number] => [line, row[line][unit]]).filter(([, value]) => value !== 0);
  return {
    ins: [...given(INFLOWS), ...(size > 0 ? ([["size_change", size]] as [Line, number][]) : [])],
    outs: [...given(OUTFLOWS), ...(size < 0 ? ([["size_change", -size]] as [Line, number][]) : [])],
  };
}

const total = (flows: readonly [Line, number][]): number => flows.reduce((sum, [, value]) => sum + value, 0);

export function flowOf(rows: readonly Row[], unit: Unit): Flow {
  const flows = rows.map((row) => flowsOf(row, unit));
  const highest = Math.max(1, ...rows.flatMap((row, at) => [row.opening[unit] + total(flows[at]?.ins ?? []), row.closing[unit] + total(flows[at]?.outs ?? [])]));
  const scale = linear(highest, PLOT);
  const labels = Math.max(1, ...flows.map(({ ins, outs }) => ins.length + outs.length));
  const base = labels * LABEL_HEIGHT + RISE + 12 + PLOT;
  const left = 24;
  const xOf = (at: number): number => left + at * (COLUMN_WIDTH + YEAR_WIDTH);

  const stocks: Stock[] = [];
  const bands: Band[] = [];
  const stock = (row: Row, column: "opening" | "closing", at: number): void => {
    const value = row[column][unit];
    stocks.push({ period: row.period, column, x: xOf(at), y: base - scale(value), height: Math.max(scale(value), 1), value });
  };

  rows.forEach((row, at) => {
    if (at === 0) stock(row, "opening", 0);
    stock(row, "closing", at + 1);
    const from = xOf(at) + COLUMN_WIDTH;
    const middle = from + YEAR_WIDTH / 2;
    const to = from + YEAR_WIDTH;
    let label = 14;
    const add = (line: Band["line"], out: boolean, value: number, path: string): void => {
      bands.push({ period: row.period, line, out, value, path, label: { x: middle, y: label } });
      if (line !== "carried") label += LABEL_HEIGHT;
    };
    add("carried", false, row.opening[unit], band(from, middle, base, base, scale(row.opening[unit])));
    add("carried", true, row.closing[unit], band(middle, to, base, base, scale(row.closing[unit])));
    let below = base - scale(row.opening[unit]);
    for (const [line, value] of flows[at]?.ins ?? []) {
      add(line, false, value, band(from + 6, middle, below - RISE, below, Math.max(scale(value), 1.5)));
      below -= scale(value);
    }
    below = base - scale(row.closing[unit]);
    for (const [line, value] of flows[at]?.outs ?? []) {
      add(line, true, value, band(middle, to - 6, below, below - RISE, Math.max(scale(value), 1.5)));
      below -= scale(value);
    }
  });
  return { width: xOf(rows.length) + COLUMN_WIDTH + left, height: base + FOOT, base, stocks, bands };
}

/** From one place to another, its lower edge at `fromY` and then at `toY`, so thick all along. */
function band(fromX: number, toX: number, fromY: number, toY: number, thick: number): string {
  const bend = (fromX + toX) / 2;
  const place = (...numbers: number[]): string => numbers.map((each) => each.toFixed(1)).join(" ");
  return (
    `M${place(fromX, fromY)}C${place(bend, fromY, bend, toY, toX, toY)}` +
    `L${place(toX, toY - thick)}C${place(bend, toY - thick, bend, fromY - thick, fromX, fromY - thick)}Z`
  );
}
