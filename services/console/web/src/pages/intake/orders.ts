// A workbook on its way: tried, then imported. The key of an import is its file's digest, so that sending the same file again,
// from this page, another tab or a terminal, goes on where it broke off and records nothing twice.
import { onScopeDispose, ref, shallowRef } from "vue";
import { content, remember, send } from "@/api/ask";
import { newKey } from "@/api/order";
import { refresh } from "@/api/read";
import { Refusal } from "@/api/refusal";
import { XLSX, save } from "@/api/files";
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
  /** What was refused last, to be done again. */
  const again = shallowRef<() => Promise<void>>(() => Promise.resolve());
  /** Of another import of a file, until something is decided about it: sent again, it is the same one. */
  const another = new Map<string, string>();
  let looking: ReturnType<typeof setInterval> | undefined;

  function reset(): void {
    [refusal.value, tried.value, imported.value, earlier.value, progress.value] = [null, null, null, null, null];
  }

  async function during(what: "try" | "import" | "annotate", work: () => Promise<void>): Promise<void> {
    if (busy.value !== "") return;
    [busy.value, refusal.value] = [what, null];
    again.value = () => during(what, work);
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
    return content<Progress[]>(answer);
  }

  const tryIt = (book: Workbook): Promise<void> =>
    during("try", async () => {
      reset();
      const answer = await content<Answer>(await post("?dry_run=true", book, newKey(), OCTETS));
      earlier.value = (await importsOf(answer.file_sha256))[0] ?? null;
      tried.value = answer;
    });

  /** `anew`: as another import, where the file was imported before. */
  const importIt = (book: Workbook, digest: string, anew: boolean): Promise<void> =>
    during("import", async () => {
      const key = anew ? (another.get(digest) ?? newKey()) : `workbook-${digest}`.slice(0, LONGEST_KEY);
      if (anew) another.set(digest, key);
      looking = setInterval(() => void look(digest), LOOK);
      try {
        const answer = await content<Answer>(await post("", book, key, OCTETS));
        another.delete(digest);
        remember(answer.position);
        imported.value = summaryOf(answer);
        await refresh();
      } catch (error) {
        if (!(error instanceof Refusal) || !error.mayBeRecorded) {
          if (!(error instanceof Refusal && error.keepsContent)) another.delete(digest);
          throw error;
        }
        // The file may have arrived all the same, and its import go on: what became of it is asked. Those before are another's.
        const found = newest(await importsOf(digest).catch(() => []));
        if (found === null) throw error;
        progress.value = found;
        if (!anew) earlier.value = found;
        if (!isEnded(found)) throw error;
        another.delete(digest);
        imported.value = found.summary;
      }
    });

  /** The latest import of the file, unless it had ended before this one was asked for. */
  function newest(found: readonly Progress[]): Progress | null {
    const [latest = null] = found;
    return latest !== null && earlier.value !== null && isEnded(earlier.value) && latest.batch_id === earlier.value.batch_id ? null : latest;
  }

  async function look(digest: string): Promise<void> {
    progress.value = newest(await importsOf(digest).catch(() => [])) ?? progress.value;
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
  return { busy, refusal, tried, imported, earlier, progress, again, reset, tryIt, importIt, annotate, template };
}
