export const words = {
  byFact: { zh: "另有登记", en: "by an entry of its own" },
  loading: { zh: "正在读取…", en: "Reading…" },
  cut: {
    zh: "只列出前 {count} 条，其后还有。请按区划或其他条件缩小范围。",
    en: "These are the first {count}; there are more. Narrow the list down by division or otherwise.",
  },
  rows: { zh: "{caption}：{count} 行", en: "{caption}: {count} {count|row|rows}" },
  see: { zh: "查看", en: "See" },
  country: { zh: "全国", en: "the whole country" },
  /** What the text in the reader's language is called, beside other fields. */
  inWords: { zh: "说明", en: "in words" },
} as const;
