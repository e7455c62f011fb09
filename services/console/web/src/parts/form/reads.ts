import { useRead } from "@/api/read";
import { noConnection, refusalOf } from "@/api/refusal";
import type { Form } from "@/parts/form/draft";

/** The form of a command. It changes with the installation only. */
export function useFormOf(service: () => string, act: () => string) {
  return useRead(
    () => ["form", service(), act()],
    async () => {
      const address = `/console/bff/forms/${encodeURIComponent(service())}/${encodeURIComponent(act())}`;
      const answer = await fetch(address).catch(() => {
        throw noConnection();
      });
      const content: unknown = await answer.json().catch(() => null);
      if (!answer.ok) throw refusalOf(answer.status, content);
      return content as Form;
    },
  );
}
