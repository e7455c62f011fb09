// The services' interfaces, typed by what they publish. Each request says for which account it is, and a read waits until it
// sees what this tab wrote.
import createClient, { type Middleware } from "openapi-fetch";
import type { paths as Assistance } from "@/api/generated/assistance";
import type { paths as Audit } from "@/api/generated/audit";
import type { paths as Console } from "@/api/generated/console";
import type { paths as Monitoring } from "@/api/generated/monitoring";
import type { paths as Registry } from "@/api/generated/registry";
import { noConnection, notUnderstood, type Refusal, refusalOf } from "@/api/refusal";
import { hat } from "@/api/session";
import { heard } from "@/api/standing";

export const API = "/console/api";
export type Service = "registry" | "assistance" | "monitoring" | "audit";

const written = new Map<string, number>();

/** What a command answered: reads from now on wait for it. */
export function remember(position: Readonly<Record<string, number>> | undefined): void {
  for (const [log, at] of Object.entries(position ?? {})) written.set(log, Math.max(at, written.get(log) ?? 0));
}

export function ownHeaders(method: string): Record<string, string> {
  const headers: Record<string, string> = { "Lika-Account": hat.value?.account ?? "" };
  if (method === "GET" && written.size > 0)
    headers["Lika-Position"] = [...written].map(([log, at]) => `${log}=${at}`).join(",");
  return headers;
}

const account: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(ownHeaders(request.method))) request.headers.set(name, value);
  },
  onResponse({ request, response }) {
    heard(new URL(request.url).pathname.slice(API.length), response.headers);
  },
};

function client<Paths extends object>(baseUrl: string) {
  const made = createClient<Paths, "application/json">({ baseUrl, cache: "no-store" });
  made.use(account);
  return made;
}

export const registry = client<Registry>(`${API}/registry`);
export const assistance = client<Assistance>(`${API}/assistance`);
export const monitoring = client<Monitoring>(`${API}/monitoring`);
export const audit = client<Audit>(`${API}/audit`);
/** What the console itself answers, to anybody alike: it takes neither an account nor a position. */
export const bff = createClient<Console, "application/json">({ baseUrl: "/console/bff" });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The content of a success. Throws `Refusal` for everything else. */
export async function answered<T>(request: Promise<Answer<T>>): Promise<T> {
  const answer = await request.catch((error: unknown) => {
    throw unanswered(error);
  });
  if (!answer.response.ok) throw refusalOf(answer.response.status, answer.error);
  return answer.data as T;
}

/** Any request by its path (`/registry/…`), for what is known only when it is asked: acts, files, next steps. Throws `Refusal`. */
export async function send(method: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { ...ownHeaders(method), ...(init.headers as Record<string, string> | undefined) };
  const response = await fetch(`${API}${path}`, { ...init, method, headers, cache: "no-store" }).catch((error: unknown) => {
    throw unanswered(error);
  });
  heard(path, response.headers);
  if (!response.ok) throw refusalOf(response.status, await response.json().catch(() => null));
  return response;
}

/** The JSON of what `send` brought. Throws `Refusal` where it breaks off, or is the page of something in between. */
export async function content<T>(response: Response): Promise<T> {
  return (await response.json().catch((error: unknown) => {
    throw unanswered(error, response.status);
  })) as T;
}

function unanswered(error: unknown, status = 200): Refusal {
  return error instanceof SyntaxError ? notUnderstood(status) : noConnection();
}
