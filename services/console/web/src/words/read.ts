export const words = {
  loading: { zh: "正在读取…", en: "Reading…" },
  more: { zh: "再看一页", en: "One more page" },
  rows: { zh: "{caption}：{count} 行", en: "{caption}: {count} rows" },
} as const;
