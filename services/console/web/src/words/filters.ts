export const words = {
  filters: { zh: "筛选", en: "Filters" },
  active: { zh: "筛选（已用 {count} 项）", en: "Filters ({count} set)" },
  clear: { zh: "清除筛选", en: "Clear the filters" },
  any: { zh: "不限", en: "Any" },
  yes: { zh: "是", en: "Yes" },
  no: { zh: "否", en: "No" },
} as const;
