export const words = {
  title: { zh: "公示", en: "Notices" },
  none: { zh: "辖区内没有正在公示的内容。", en: "No notice hangs in your area." },
  place: { zh: "地点", en: "Where" },
  matter: { zh: "事项", en: "Matter" },
  posted: { zh: "张贴", en: "Posted" },
  until: { zh: "公示至", en: "Until" },
  objections: { zh: "未处理异议", en: "Open objections" },
  sheet: { zh: "打印", en: "Print" },
  last: { zh: "{day} 当日结束", en: "the end of {day}" },
} as const;
