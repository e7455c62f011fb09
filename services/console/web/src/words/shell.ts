export const words = {
  skip: { zh: "跳到正文", en: "Skip to the content" },
  navigation: { zh: "主要页面", en: "Main pages" },
  hat: { zh: "以何身份办理", en: "Act as" },
  signOut: { zh: "退出", en: "Sign out" },
  simulated: {
    zh: "模拟时钟：系统现在是 {now}，不是真实日期。",
    en: "Simulated clock: it is {now} here, not the real date.",
  },
  provisional: {
    zh: "数据正在更新，本页内容尚可变动。",
    en: "Data are still catching up: what this page shows may change.",
  },
  differs: {
    zh: "核对发现日志与副本不一致，请通知系统管理员和审计。",
    en: "Logs and copies were found to differ: tell the operator and the auditor.",
  },
} as const;
