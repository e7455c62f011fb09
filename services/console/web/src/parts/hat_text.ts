import type { Hat } from "@/api/session";
import { codeLabel } from "@/words/labels";
import { say } from "@/words/say";

/** An account with its roles and its division. */
export function hatText(each: Hat): string {
  const roles = each.roles.map((role) => say(codeLabel("Role", role))).join("、");
  return `${each.account}（${roles}${each.division ? ` ${each.division}` : ""}）`;
}
