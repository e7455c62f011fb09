// Civil days are strings, "2014-05-20": they have no zone, and compare as text.

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
