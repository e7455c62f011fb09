export const words = {
  division: { zh: "区划", en: "Division" },
  everywhere: { zh: "本辖区全部", en: "The whole area" },
} as const;
