// Whatever keeps a request from being answered, in one shape: the services' problems (RFC 9457), and what never reached one.
import type { components } from "@/api/generated/registry";
import { words } from "@/words/refusal";
import { filled, type Pair } from "@/words/say";

type Published = components["schemas"]["Problem"];
/** A problem leaves out what it has nothing of. */
export type Problem = Omit<Published, "facts" | "next" | "errors" | "incident"> &
  Partial<Pick<Published, "facts" | "next" | "errors" | "incident">>;

export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }

  get pair(): Pair {
    return { zh: this.problem.title, en: this.problem.title_en };
  }

  /** Whether the same request may succeed later: nothing is wrong with it. */
  get isPassing(): boolean {
    return this.mayBeRecorded || this.problem.status === 429 || this.problem.status === 408;
  }

  /** No answer, or none that was meant for this request: a command that ended so may have been recorded all the same. */
  get mayBeRecorded(): boolean {
    return this.problem.status === 0 || this.problem.status >= 500;
  }

  /** Signing in again, in whatever tab, mends it. */
  get isSessionEnded(): boolean {
    return this.problem.status === 401;
  }

  /** Whether it says nothing about what is on the page already. */
  get keepsContent(): boolean {
    return this.isPassing || this.isSessionEnded;
  }
}

function local(code: string, { zh, en }: Pair, status = 0): Refusal {
  const detail = `${zh}\n${en}`;
  return new Refusal({ type: `urn:lika:problem:${code}`, title: zh, title_en: en, status, detail, code, source: "" });
}

export const noConnection = (): Refusal => local("no_connection", words.noConnection);

export const notUnderstood = (status: number): Refusal =>
  local("not_understood", filled(words.notUnderstood, { status }));

/** What a service says of a key that was used for something else, for whoever pressed a button. */
export const formerDecided = (): Refusal => local("former_decided", words.formerDecided, 409);

/** A mistake in a page's own program. */
export const pageFailed = (): Refusal => local("page_failed", words.pageFailed, 400);

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "title_en" in body;
}

export function refusalOf(status: number, body: unknown): Refusal {
  return isProblem(body) ? new Refusal(body) : notUnderstood(status);
}
