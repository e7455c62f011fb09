import { say, type Pair } from "@/words/say";

/** Accounts that are nobody's. */
const OWN: Readonly<Record<string, Pair>> = {
  timer: { zh: "系统（到期）", en: "Lika, when it fell due" },
  lika: { zh: "系统", en: "Lika" },
};

/** Who entered something, as people are told. */
export const accountText = (account: string): string => {
  const own = OWN[account];
  return own === undefined ? account : say(own);
};
