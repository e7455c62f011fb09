export const words = {
  title: { zh: "没有办理", en: "Not done" },
  next: { zh: "下一步：", en: "Next:" },
  firstDay: { zh: "最早 {day}", en: "from {day}" },
  incident: { zh: "事件编号", en: "Incident" },
  signIn: { zh: "在新标签页登录", en: "Sign in, in a new tab" },
  again: { zh: "重试", en: "Try again" },
} as const;
