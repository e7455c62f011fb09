export const words = {
  title: { zh: "待办", en: "Inbox" },
  nothing: { zh: "没有待办事项。", en: "Nothing waits for you." },
  since: { zh: "自何日起", en: "Since" },
  due: { zh: "期限", en: "Due" },
  why: { zh: "原因", en: "Why" },
  where: { zh: "区划", en: "Division" },
  act: { zh: "办理", en: "Act" },
} as const;
