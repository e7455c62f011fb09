// Instants as people in the province read them.
const FORMAT = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
});

/** "2018-01-30 09:00:00", in Shanghai. */
export const inShanghai = (instant: string | Date): string => FORMAT.format(new Date(instant));
