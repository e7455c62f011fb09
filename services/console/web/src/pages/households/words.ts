export const words = {
  title: { zh: "农户", en: "Households" },
} as const;
