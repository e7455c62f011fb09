// A workbook on its way: tried, then imported. The key of an import is its file's digest, so that sending the same file again,
// from this page, another tab or a terminal, goes on where it broke off and records nothing twice.
import { onScopeDispose, ref, shallowRef } from "vue";
import { remember, send } from "@/api/ask";
import { refresh } from "@/api/read";
import { Refusal } from "@/api/refusal";
import { XLSX, save } from "@/parts/files";
import { isEnded, summaryOf, type Answer, type Progress, type Summary } from "@/pages/intake/answers";

const LOOK = 1_000;
const LONGEST_KEY = 80;
/** What the service takes whatever the file is: it looks into the file itself, and says of which kind it is. */
const OCTETS = "application/octet-stream";

export interface Workbook {
  name: string;
  content: ArrayBuffer;
}

export function useWorkbook(path: () => string) {
  const busy = ref<"" | "try" | "import" | "annotate">("");
  const refusal = shallowRef<Refusal | null>(null);
  const tried = shallowRef<Answer | null>(null);
  const imported = shallowRef<Summary | null>(null);
  const earlier = shallowRef<Progress | null>(null);
  const progress = shallowRef<Progress | null>(null);
  let looking: ReturnType<typeof setInterval> | undefined;

  function reset(): void {
    [refusal.value, tried.value, imported.value, earlier.value, progress.value] = [null, null, null, null, null];
  }

  async function during(what: "try" | "import" | "annotate", work: () => Promise<void>): Promise<void> {
    if (busy.value !== "") return;
    [busy.value, refusal.value] = [what, null];
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusal.value = error;
    } finally {
      clearInterval(looking);
      busy.value = "";
    }
  }

  const post = (to: string, book: Workbook, key: string, type: string): Promise<Response> =>
    send("POST", `${path()}/workbooks${to}`, { body: book.content, headers: { "Content-Type": type, "Idempotency-Key": key } });

  /** The reader's own imports of this file, the latest first. */
  async function importsOf(digest: string): Promise<Progress[]> {
    const answer = await send("GET", `${path()}/workbooks?file_sha256=${digest}`);
    return (await answer.json()) as Progress[];
  }

  const tryIt = (book: Workbook): Promise<void> =>
    during("try", async () => {
      reset();
      const answer = (await (await post("?dry_run=true", book, newKey(), OCTETS)).json()) as Answer;
      earlier.value = (await importsOf(answer.file_sha256))[0] ?? null;
      tried.value = answer;
    });

  /** `anew`: as another import, where the file was imported before. */
  const importIt = (book: Workbook, digest: string, anew: boolean): Promise<void> =>
    during("import", async () => {
      const key = anew ? newKey() : `workbook-${digest}`.slice(0, LONGEST_KEY);
      looking = setInterval(() => void look(digest), LOOK);
      try {
        const answer = (await (await post("", book, key, OCTETS)).json()) as Answer;
        remember(answer.position);
        imported.value = summaryOf(answer);
        await refresh();
      } catch (error) {
        // The file may have arrived all the same, and its import go on: what became of it is asked.
        const found = (await importsOf(digest).catch(() => []))[0] ?? null;
        earlier.value = progress.value = found;
        if (found === null || !isEnded(found)) throw error;
        imported.value = found.summary;
      }
    });

  async function look(digest: string): Promise<void> {
    const found = await importsOf(digest).catch(() => []);
    progress.value = found[0] ?? progress.value;
  }

  const annotate = (book: Workbook): Promise<void> =>
    during("annotate", async () => {
      await save(await post("/annotations", book, newKey(), XLSX), `annotated-${book.name}`);
    });

  const template = (): Promise<void> =>
    during("annotate", async () => {
      await save(await send("GET", `${path()}/template`), "template.xlsx");
    });

  onScopeDispose(() => {
    clearInterval(looking);
  });
  return { busy, refusal, tried, imported, earlier, progress, reset, tryIt, importIt, annotate, template };
}

function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
