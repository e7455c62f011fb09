// What a page asks is its address: read from it and written to it, so that it can be sent, printed and gone back from.
import { useRoute, useRouter, type LocationQueryRaw } from "vue-router";

export function useAsked() {
  const route = useRoute();
  const router = useRouter();

  /** The value in the address; "" where there is none. */
  function asked(name: string): string {
    const value = route.query[name];
    return typeof value === "string" ? value : "";
  }

  /** The page's query with these values instead; "" takes one away. */
  function asking(values: Readonly<Record<string, string>>): LocationQueryRaw {
    const all = { ...route.query, ...values };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
  }

  const ask = (values: Readonly<Record<string, string>>) => router.push({ query: asking(values) });

  return { asked, asking, ask };
}
