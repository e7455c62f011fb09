// An instant as the day in Shanghai on which it fell: "2017-09-01".
const SHANGHAI = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit" });

const TO_THE_MINUTE = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
});

/** "2017-09-01 08:30", by the clock in Shanghai. */
export const minuteOf = (instant: string): string => TO_THE_MINUTE.format(new Date(instant));

export const dayOf = (instant: string): string => SHANGHAI.format(new Date(instant));
