// Whatever keeps a request from being answered, in one shape: the services' problems (RFC 9457), and what never reached one.
import type { components } from "@/api/generated/registry";
import type { Pair } from "@/words/say";

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
    return this.problem.status === 0 || this.problem.status >= 500 || this.problem.status === 429;
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

function local(code: string, zh: string, en: string): Refusal {
  const detail = `${zh}\n${en}`;
  return new Refusal({ type: `urn:lika:problem:${code}`, title: zh, title_en: en, status: 0, detail, code, source: "" });
}

export const noConnection = (): Refusal =>
  local(
    "no_connection",
    "连接不上系统：请检查网络后重试。填写的内容仍在本页，重试不会重复提交。",
    "Lika cannot be reached: check the network and try again. What was typed is still here, and trying again sends nothing twice.",
  );

const notUnderstood = (status: number): Refusal =>
  local("not_understood", `系统没有给出可读的回答（HTTP ${status}）。`, `No answer that can be read (HTTP ${status}).`);

/** An answer that the page cannot use is said to be none, instead of being shown as empty. */
export function asRefusal(error: Error): Refusal {
  if (error instanceof Refusal) return error;
  console.error(error);
  return local(
    "answer_not_usable",
    "系统的回答与本页不符，可能系统刚升级；请重新打开本页，仍不行请告知系统管理员。",
    "This page cannot use the answer, perhaps because Lika was just upgraded: open the page anew, and tell the operator if that does not help.",
  );
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "title_en" in body;
}

export function refusalOf(status: number, body: unknown): Refusal {
  return isProblem(body) ? new Refusal(body) : notUnderstood(status);
}
