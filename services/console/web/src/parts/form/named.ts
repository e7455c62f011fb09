// What was chosen by its name: so it is read back before it is sent, instead of its id.
import { reactive } from "vue";
import type { Pair } from "@/words/say";

const names = reactive(new Map<string, Pair>());

export function remember(code: string, { zh, en }: Pair): void {
  names.set(code, { zh, en });
}

export const nameOf = (code: string): Pair => names.get(code) ?? { zh: code, en: code };
