export const words = {
  pages: { zh: "翻页", en: "Pages" },
  next: { zh: "再看一页", en: "One more page" },
  first: { zh: "回到第一页", en: "Back to the first page" },
  end: { zh: "已到清单末尾", en: "The list ends here" },
} as const;
