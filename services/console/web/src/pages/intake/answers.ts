// What the interfaces answer about a workbook, in one shape: of households they count households and members, of other lists
// subjects and rows.
import type { components } from "@/api/generated/registry";

type Schemas = components["schemas"];
export type RowError = Schemas["RowErrorAnswer"];
export type Answer = Schemas["WorkbookAnswer"] | Schemas["RowImportAnswer"];
export type Summary = Schemas["SummaryAnswer"] | Schemas["RowImportSummary"];
export type Progress = Schemas["ProgressAnswer"] | Schemas["RowImportProgress"];

export const summaryOf = (answer: Answer): Summary => answer;

export function seen(summary: Summary): { subjects: number; rows: number } {
  return "households_seen" in summary
    ? { subjects: summary.households_seen, rows: summary.members_seen }
    : { subjects: summary.subjects_seen, rows: summary.rows_seen };
}

/** What became of those seen, in four figures. */
export const counts = ({ recorded, updated, unchanged, refused }: Summary) => ({ recorded, updated, unchanged, refused });

export function steps(progress: Progress): { seen: number; done: number } {
  return "households_seen" in progress
    ? { seen: progress.households_seen, done: progress.households_done }
    : { seen: progress.subjects_seen, done: progress.subjects_done };
}

export const isEnded = (progress: Progress): boolean => progress.summary !== null;

/** An instant as it is told here: Shanghai's. */
export const instant = (text: string): string =>
  new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "short" }).format(new Date(text));
