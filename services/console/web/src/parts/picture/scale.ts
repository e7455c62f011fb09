// Positions in a picture. Only places are computed here: every number that is written is the server's.

/** Values from 0 to `most` onto 0 to `length` pixels. */
export const linear = (most: number, length: number) => (value: number) => (most === 0 ? 0 : (value / most) * length);

/** How many days lie between civil days: their place on an axis. No clock and no zone take part. */
export function dayNumber(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + date - 1;
  return era * 146097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear;
}

/** Days from `first` to `last` onto `from` to `to` pixels. */
export function dayScale(first: string, last: string, from: number, to: number): (day: string) => number {
  const start = dayNumber(first);
  const span = Math.max(dayNumber(last) - start, 1);
  return (day) => from + ((dayNumber(day) - start) / span) * (to - from);
}

/** The first days of the months from one day to another, at most `most` of them. */
export function months(first: string, last: string, most: number): string[] {
  const [fromYear = 0, fromMonth = 1] = first.split("-").map(Number);
  const [toYear = 0, toMonth = 1] = last.split("-").map(Number);
  const start = fromYear * 12 + fromMonth - 1;
  const end = toYear * 12 + toMonth - 1;
  const step = [1, 3, 6, 12, 60, 120].find((each) => (end - start) / each <= most) ?? 240;
  const found: string[] = [];
  for (let month = Math.ceil(start / step) * step; month <= end; month += step)
    found.push(`${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}-01`);
  return found.filter((day) => day >= first);
}
