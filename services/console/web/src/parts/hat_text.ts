import type { Hat } from "@/api/session";
import { codeLabel } from "@/words/labels";
import { aside, listed, say } from "@/words/say";

/** An account with its roles and its division. */
export function hatText(each: Hat): string {
  const roles = listed(each.roles.map((role) => say(codeLabel("Role", role))));
  return each.account + aside(roles + (each.division ? ` ${each.division}` : ""));
}
