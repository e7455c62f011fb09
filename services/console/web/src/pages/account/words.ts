export const words = {
  title: { zh: "以何身份办理", en: "Act as whom" },
  why: {
    zh: "本浏览器登录了不止一个账号，或本页原来的账号已经到期。选定之前什么也不读取；查看和办理都记在所选账号名下。",
    en: "This browser is signed in to several accounts, or the one of this tab has ended. Nothing is read before you choose; what you look at and enter is recorded for the account you choose.",
  },
} as const;
