// Civil days stay strings ("2014-05-20"): in this form they compare as days do, and no browser's zone shifts them.

/** Whether the text is a day of the calendar that the services take. */
export function isDay(text: string): boolean {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (found === null) return false;
  const [year, month, day] = found.slice(1).map(Number) as [number, number, number];
  return year >= 1900 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
}

function daysOf(year: number, month: number): number {
  const leaps = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 ? (leaps ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days from one to another; negative where that lies before it. */
export function daysBetween(from: string, to: string): number {
  return Math.round((dayNumber(to) - dayNumber(from)) / 86_400_000);
}

/** The Sunday that ends its week. */
export function endOfWeek(day: string): string {
  const weekday = new Date(dayNumber(day)).getUTCDay();
  return new Date(dayNumber(day) + ((7 - weekday) % 7) * 86_400_000).toISOString().slice(0, 10);
}

function dayNumber(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return Date.UTC(year, month - 1, date);
}
