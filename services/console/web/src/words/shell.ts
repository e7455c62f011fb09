export const words = {
  skip: { zh: "跳到正文", en: "Skip to the content" },
  navigation: { zh: "主要页面", en: "Main pages" },
  hat: { zh: "以何身份办理", en: "Act as" },
  signOut: { zh: "退出", en: "Sign out" },
  leave: {
    zh: "填写的内容还没有提交，离开后不保留。确定离开吗？",
    en: "What was filled in has not been sent, and is not kept. Leave all the same?",
  },
  stillSignedIn: { zh: "没有退出登录。", en: "You are still signed in." },
  own: { zh: "我", en: "Me" },
  atHand: { zh: "常用", en: "At hand" },
  close: { zh: "关闭", en: "Close" },
  register: { zh: "登记办理", en: "Register" },
  assistance: { zh: "帮扶与统计", en: "Assistance and figures" },
  oversight: { zh: "监督与运行", en: "Oversight" },
  simulated: { zh: "模拟时钟 {now}", en: "Simulated clock {now}" },
  simulatedWhy: { zh: "系统按模拟日期运行，不是真实日期。", en: "The house runs on a simulated date, not the real one." },
  offline: {
    zh: "网络已断开：已读的内容和已填写的都还在本页，连上后自动更新。",
    en: "No network: what was read and typed is still here, and is brought up to date once there is one.",
  },
  outdated: {
    zh: "本页是先前读到的内容，未能更新。",
    en: "This page shows what was read before; it could not be read anew.",
  },
  sessionEnds: {
    zh: "本次登录到 {time} 为止。请在新标签页重新登录：本页填写的内容都还在，登录后接着办理。",
    en: "This session ends at {time}. Sign in again in another tab: what you typed here stays, and you go on with it.",
  },
  newer: {
    zh: "系统已升级。提交或抄存填写的内容后，请重新打开本页。",
    en: "Lika was upgraded. Send or copy what you typed, then open the page anew.",
  },
  openAnew: { zh: "重新打开", en: "Open anew" },
  signIn: { zh: "在新标签页登录", en: "Sign in, in a new tab" },
  again: { zh: "重试", en: "Try again" },
  failed: {
    broken: {
      title: { zh: "本页出了差错", en: "This page failed" },
      what: {
        zh: "已填写的内容若还看得见，请先抄存，再重新打开；若再次出现，请告知系统管理员。",
        en: "Copy what you typed if you still see it, then open the page anew; tell the operator if it happens again.",
      },
    },
    newer: {
      title: { zh: "系统已升级", en: "Lika was upgraded" },
      what: {
        zh: "要打开的页面属于新版本。本页填写的内容还在：请先提交或抄存，再重新打开。",
        en: "The page you want belongs to the new version. What you typed here is still there: send or copy it, then open anew.",
      },
    },
    away: {
      title: { zh: "连接不上系统", en: "Lika cannot be reached" },
      what: {
        zh: "请检查网络；系统可能正在重新启动，稍后重试即可。",
        en: "Check the network; Lika may be starting again, so try again in a moment.",
      },
    },
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
