// An instant as the day in Shanghai on which it fell: "2017-09-01".
const SHANGHAI = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit" });

export const dayOf = (instant: string): string => SHANGHAI.format(new Date(instant));
