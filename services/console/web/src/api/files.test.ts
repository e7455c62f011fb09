import { expect, test } from "vitest";
import { fileName } from "@/api/files";

const named = (disposition?: string): string =>
  fileName(new Response("", { headers: disposition === undefined ? {} : { "Content-Disposition": disposition } }), "other.xlsx");

test("a file is named as the service names it, in Chinese where it does", () => {
  expect(named(`attachment; filename="list.csv"; filename*=UTF-8''%E5%86%9C%E6%88%B7.csv`)).toBe("农户.csv");
  expect(named(`attachment; filename="template.xlsx"`)).toBe("template.xlsx");
  expect(named()).toBe("other.xlsx");
});
