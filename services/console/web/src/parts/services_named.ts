// What services are called, where an answer says which of them it lacks.
import { filled, listedPairs, type Pair } from "@/words/say";
import { services } from "@/words/services";

export const serviceName = (name: string): Pair => (name in services ? services[name as keyof typeof services] : { zh: name, en: name });

/** A text with `{services}` in it, about these. */
export function withServices(text: Pair, names: readonly string[]): Pair {
  const { zh, en } = listedPairs(names.map(serviceName));
  return { zh: filled(text, { services: zh }).zh, en: filled(text, { services: en }).en };
}
