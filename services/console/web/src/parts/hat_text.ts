import type { Hat } from "@/api/session";
import { codeLabel } from "@/words/labels";
import { aside, listed, say } from "@/words/say";

/** An account with its roles and its division, whose name is asked for as soon as there is an account to ask by. */
export function hatText(each: Hat, place: (code: string) => string = (code) => code): string {
  const roles = listed(each.roles.map((role) => say(codeLabel("Role", role))));
  return each.account + aside(roles + (each.division ? ` ${place(each.division)}` : ""));
}
