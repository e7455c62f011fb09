// Households and persons are called by their numbers; one that has none yet is told so: the beginning of an id says nothing to people.
import { words } from "@/words/figures";
import { say } from "@/words/say";

export const numberText = (number: string | null | undefined): string => number || say(words.unnumbered);
