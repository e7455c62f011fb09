// A document's content as it reads: names with what they hold, a step in for each level.

/** From the canonical form, in which a day or a decimal is an object of one member. */
export function asText(content: string): string {
  return lines(JSON.parse(content), "").join("\n");
}

function lines(value: unknown, indent: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => headed(`${indent}-`, item, indent));
  if (isRecord(value)) return Object.entries(value).flatMap(([name, inner]) => headed(`${indent}${name}:`, inner, indent));
  return [`${indent}${plain(value)}`];
}

function headed(head: string, value: unknown, indent: string): string[] {
  const short = plain(value);
  if (short !== null) return [`${head} ${short}`];
  return [head, ...lines(value, `${indent}  `)];
}

/** On one line; `null` for what has members of its own. */
function plain(value: unknown): string | null {
  if (isRecord(value)) {
    const [only, ...others] = Object.entries(value);
    if (only === undefined) return "{}";
    return others.length === 0 && (only[0] === "date" || only[0] === "decimal") && typeof only[1] === "string" ? only[1] : null;
  }
  if (Array.isArray(value)) return value.every((item) => !isRecord(item) && !Array.isArray(item)) ? value.join(", ") || "[]" : null;
  return String(value ?? "—");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
