export const words = {
  export: { zh: "导出", en: "Export" },
  what: { zh: "整份清单，按现有筛选、本人辖区，个人信息不显示", en: "The whole list, by these filters, in your area, personal values masked" },
  read: { zh: "正在导出，已读取 {items} 条", en: "Exporting: {items} {items|row|rows} read" },
  begun: { zh: "正在导出…", en: "Exporting…" },
  cancel: { zh: "取消", en: "Cancel" },
  saved: { zh: "已导出 {items} 条：{name}", en: "{items} {items|row|rows} exported: {name}" },
} as const;
