// How whole numbers are written. A minus is a minus sign, as wide as the plus.
import { language, say, type Pair } from "@/words/say";

/** A sum as it stands in an answer, never turned into a number: its thousands apart. */
export const grouped = (sum: string): string =>
  /^-?\d+(\.\d+)?$/.test(sum) ? sum.replace("-", "−").replace(/^−?\d+/, (whole) => whole.replace(/\d(?=(\d{3})+$)/g, "$&,")) : sum;

/** What a number counts, in English of one thing or of several: 1 household, 2 visits to households. */
export const unitOf = (amount: string | number, unit: Pair): string =>
  language.value === "en" && /^[-−+]?1(\.0+)?$/.test(String(amount)) ? unit.en.replace(/s(?= |$)/, "") : say(unit);

export function count(value: number, signed = false): string {
  const digits = String(Math.abs(value)).replace(/\B(?=(\d{3})+$)/g, ",");
  if (value < 0) return `−${digits}`;
  return signed && value > 0 ? `+${digits}` : digits;
}
