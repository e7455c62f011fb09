export const words = {
  title: { zh: "查阅", en: "Look up" },
  directory: { zh: "全部事项", en: "Everything" },
  missing: { zh: "没有这一内容，请从“全部事项”进入。", en: "There is no such content. Start from “Everything”." },
  ask: { zh: "查阅", en: "Read" },
  fill: { zh: "请先填写要查什么。", en: "Say first what to read." },
  none: { zh: "没有符合条件的内容。", en: "Nothing meets these filters." },
  acts: { zh: "可以办理", en: "What you can do" },
  below: { zh: "其他资料", en: "More on record" },
  rowActs: { zh: "详情与办理", en: "Details and acts" },
  open: { zh: "查看", en: "See" },
  nothing: { zh: "以您的岗位，这里没有可以办理的事项。", en: "There is nothing that your post can do here." },
  noRead: { zh: "这一对象没有可以查阅的资料，只有可办理的事项。", en: "Of this nothing can be read; there are acts alone." },
} as const;
