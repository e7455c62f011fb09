import { answered, bff } from "@/api/ask";
import { useRead } from "@/api/read";
import type { Form } from "@/parts/form/draft";

/** The form of a command. It changes with the installation only. */
export function useFormOf(service: () => string, act: () => string) {
  return useRead<Form>(
    () => ["form", service(), act()],
    () => answered(bff.GET("/forms/{service}/{act}", { params: { path: { service: service(), act: act() } } })),
  );
}
