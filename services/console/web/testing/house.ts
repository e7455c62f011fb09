// For tests: a server on this machine that takes commands as the services do (one effect and one answer per key) and that can
// lose what it receives, or its own answer.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  /** Written as JSON, unless it is text. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** What becomes of the next request: answered so, decided so, or cut off before it is looked at or after it is recorded. */
export type Turn = { answer: Answer } | { decide: Answer } | "lost before" | "lost after";

export function problem(code: string, status: number): Answer {
  const said = { type: `urn:lika:problem:${code}`, title: "不行", title_en: "No", detail: "不行\nNo", source: "" };
  return { status, body: { ...said, code, status } };
}

export class House {
  readonly received: Received[] = [];
  /** What was recorded, in its order. */
  readonly recorded: Received[] = [];
  private readonly decided = new Map<string, { body: string; answer: Answer }>();
  private readonly turns: Turn[] = [];

  private constructor(private readonly server: Server) {}

  /** A house that the page at hand came from. */
  static async open(): Promise<House> {
    const server = createServer((request, response) => void house.take(request, response));
    const house = new House(server);
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    (globalThis as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(`http://127.0.0.1:${port}/console/`);
    return house;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  next(...turns: Turn[]): void {
    this.turns.push(...turns);
  }

  keys(): (string | undefined)[] {
    return this.received.filter(({ method }) => method === "POST").map(({ headers }) => headers["idempotency-key"] as string);
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const part of request) body += String(part);
    const received = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body };
    this.received.push(received);
    const turn = this.turns.shift();
    if (turn === "lost before") return void request.socket.destroy();
    const answer = typeof turn === "object" && "answer" in turn ? turn.answer : this.decide(received, turn);
    if (turn === "lost after") return void request.socket.destroy();
    const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? {});
    response.writeHead(answer.status ?? 200, { "Content-Type": "application/json", ...answer.headers }).end(text);
  }

  private decide(received: Received, turn: Turn | undefined): Answer {
    if (received.method !== "POST") return { body: { items: this.recorded.length } };
    const key = `${String(received.headers["lika-account"])} ${received.path} ${String(received.headers["idempotency-key"])}`;
    const before = this.decided.get(key);
    if (before) return before.body === received.body ? before.answer : problem("idempotency_key_reused", 409);
    let answer: Answer;
    if (typeof turn === "object" && "decide" in turn) answer = turn.decide;
    else {
      this.recorded.push(received);
      answer = { status: 201, body: { position: { registry: this.recorded.length }, warnings: [] } };
    }
    this.decided.set(key, { body: received.body, answer });
    return answer;
  }
}
