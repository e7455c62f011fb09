export const words = {
  title: { zh: "登录", en: "Sign in" },
  provider: {
    zh: "用本单位的账号登录：在身份平台核对身份后，回到您刚才要看的页面。",
    en: "Sign in with the account of your office: the identity provider checks it and leads back to the page that you wanted.",
  },
  atProvider: { zh: "到身份平台登录", en: "Sign in at the identity provider" },
  link: {
    zh: "请打开管理员给您的一次性登录链接（lika up 启动时打印）。链接只能用一次，一刻钟内有效。",
    en: "Open the one-time link that your administrator gave you (lika up prints it when it starts). It is good once, and for a quarter of an hour.",
  },
  again: {
    zh: "如果是在别的标签页里登录中断：在这里登录后，回到那个标签页重试，已填写的内容仍在。",
    en: "If your session ended in another tab: sign in here, go back to that tab and try again. What was typed is still there.",
  },
} as const;
