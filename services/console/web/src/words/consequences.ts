export const words = {
  title: { zh: "办理后果", en: "What would follow" },
  collecting: { zh: "正在向各服务查询办理后果…", en: "Asking all services what would follow…" },
  nothing: { zh: "各服务中没有随之停止、开始或待决定的事项。", en: "Nothing stops, starts or has to be decided in any service." },
  incomplete: { zh: "不完整：{services}未答复，其中的后果没有列出。", en: "Incomplete: {services} did not answer; what would follow there is not shown." },
  elsewhere: { zh: "另有 {count} 项涉及辖区外的户，不予显示。", en: "{count} more concern households outside your area and are not shown." },
  failed: { zh: "办理后果暂时查不到；仍可办理，但决定上不附后果清单。", en: "What would follow cannot be shown at present. It can be sent all the same, without a list kept with it." },
  kept: { zh: "办理时，此清单与决定一并保存。", en: "This list is kept with what you decide." },
  digest: { zh: "校验码 {digest}", en: "checksum {digest}" },
  from: { zh: "自 {day}", en: "from {day}" },
} as const;
