export const words = {
  title: { zh: "办理", en: "Act" },
} as const;
