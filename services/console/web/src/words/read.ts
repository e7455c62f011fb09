export const words = {
  loading: { zh: "正在读取…", en: "Reading…" },
  rows: { zh: "{caption}：{count} 行", en: "{caption}: {count} rows" },
} as const;
