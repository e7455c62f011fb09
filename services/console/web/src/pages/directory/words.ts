export const words = {
  title: { zh: "全部事项", en: "Everything" },
  what: { zh: "您的岗位可以办理和查阅的全部内容，按业务分列；针对某一对象的办理，从清单里的“详情与办理”进入。", en: "All that your post can do and read, by service. What is done about one thing stands in its list, under \"Details and acts\"." },
  registry: { zh: "户籍与贫困状态", en: "Register and poverty status" },
  assistance: { zh: "帮扶与补助", en: "Assistance and aid" },
  monitoring: { zh: "目标与进度", en: "Targets and progress" },
  audit: { zh: "统计与审计", en: "Statistics and audit" },
  acts: { zh: "办理", en: "Acts" },
  reads: { zh: "查阅", en: "Look up" },
  away: { zh: "该项业务暂时不能访问，稍后再试。", en: "This service cannot be reached for the moment; try again later." },
  find: { zh: "查找", en: "Find" },
  none: { zh: "没有名称里含有这几个字的事项。", en: "Nothing is called so." },
} as const;
