export const words = {
  title: { zh: "登录", en: "Sign in" },
  how: {
    zh: "请打开管理员给您的一次性登录链接（lika up 启动时打印）。",
    en: "Open the one-time link that your administrator gave you (lika up prints it when it starts).",
  },
} as const;
