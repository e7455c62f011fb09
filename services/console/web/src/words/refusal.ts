export const words = {
  title: { zh: "没有办理", en: "Not done" },
  next: { zh: "下一步：", en: "Next:" },
  firstDay: { zh: "最早 {day}", en: "from {day}" },
  incident: { zh: "事件编号", en: "Incident" },
  signIn: { zh: "在新标签页登录", en: "Sign in, in a new tab" },
  again: { zh: "重试", en: "Try again" },
  noConnection: {
    zh: "连接不上系统：请检查网络后重试。填写的内容仍在本页，重试不会重复提交。",
    en: "Lika cannot be reached: check the network and try again. What was typed is still here, and trying again sends nothing twice.",
  },
  notUnderstood: {
    zh: "系统没有给出可读的回答（HTTP {status}），请稍后重试；重试不会重复提交。",
    en: "No answer that can be read (HTTP {status}): try again shortly, which sends nothing twice.",
  },
  formerDecided: {
    zh: "上一次提交其实已经送达并处理，只是结果没有传回来；本次内容与之不同，没有提交。请先查看已记录的内容，仍要提交的，请再按一次。",
    en: "What was sent before did reach Lika and was dealt with, only its answer was lost. What is sent now differs and was not taken: look at what is recorded, and if this is still to be sent, send it again.",
  },
  pageFailed: {
    zh: "本页程序出错，没有读完；请重新打开本页，仍然出错的，请告知系统管理员。",
    en: "This page has a mistake and could not finish reading: open it anew, and tell the operator if that does not help.",
  },
} as const;
