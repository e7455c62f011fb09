export const words = {
  title: { zh: "没有这一页", en: "No such page" },
  home: { zh: "回到待办", en: "Back to the inbox" },
} as const;
