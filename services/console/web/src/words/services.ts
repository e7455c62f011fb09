/** The services, as people call their logs and pages. */
export const services = {
  registry: { zh: "登记", en: "Registry" },
  assistance: { zh: "帮扶", en: "Assistance" },
  monitoring: { zh: "监测", en: "Monitoring" },
  audit: { zh: "审计", en: "Audit" },
} as const;
