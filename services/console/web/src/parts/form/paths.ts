/** Whether a path is one of the template's: `/registry/cases/{case_id}/visits`. No part of it may lead elsewhere. */
export function standsFor(template: string, path: string): boolean {
  const wanted = template.split("/");
  const given = path.split("/");
  return (
    wanted.length === given.length &&
    wanted.every((part, at) => (part.startsWith("{") ? /^[^/?#%\\]+$/.test(given[at] ?? "") && !/^\.+$/.test(given[at] ?? "") : part === given[at]))
  );
}

/** The ids in a path, by the names that its template has for them. */
export function idsIn(template: string, path: string): ReadonlyMap<string, string> {
  const given = path.split("/");
  const named = template.split("/").map((part, at): [string, string] => [part, given[at] ?? ""]);
  return new Map(named.filter(([part]) => part.startsWith("{")).map(([part, id]) => [part.slice(1, -1), id]));
}

/** What a command is about: its path up to the last part that the template leaves open; "" where it leaves none. */
export function subjectOf(template: string, path: string): string {
  const last = template.split("/").findLastIndex((part) => part.startsWith("{"));
  return last < 0 ? "" : path.split("/").slice(0, last + 1).join("/");
}

/** Fields that are settled already, as an address has them; what is no form is none. */
export function settledIn(text: string | undefined): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(text ?? "{}");
    return typeof content === "object" && content !== null && !Array.isArray(content) ? (content as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
