// Files, with their progress. One key per file: sending it again after a break records it once.
import { API, ownHeaders, remember } from "@/api/ask";
import { noConnection, notUnderstood, refusalOf } from "@/api/refusal";

/** The answer's content. `sent`: how much has left, from 0 to 1. Throws `Refusal`. */
export function upload<T extends { position?: Record<string, number> }>(
  path: string,
  content: FormData | Blob,
  key: string,
  sent: (share: number) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${API}${path}`);
    for (const [name, value] of Object.entries({ ...ownHeaders("POST"), "Idempotency-Key": key }))
      request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && sent(event.loaded / event.total);
    request.onerror = request.onabort = request.ontimeout = () => reject(noConnection());
    request.onload = () => {
      if (request.status < 200 || request.status > 299) return reject(refusalOf(request.status, request.response));
      const answer = request.response as T | null; // of a page of something in between there is none
      if (answer === null) return reject(notUnderstood(request.status));
      remember(answer.position);
      resolve(answer);
    };
    request.send(content);
  });
}
