export const words = {
  loading: { zh: "正在读取…", en: "Reading…" },
  more: { zh: "再看一页", en: "One more page" },
} as const;
