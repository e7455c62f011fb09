// Types of the services' interfaces, from the OpenAPI documents that they publish. Not committed: an interface that changes
// needs no Node.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const documents = new URL("../../../contracts/generated/openapi/", import.meta.url);
const target = new URL("./src/api/generated/", import.meta.url);
mkdirSync(target, { recursive: true });
for (const service of ["registry", "assistance", "monitoring", "audit", "console"]) {
  const document = JSON.parse(readFileSync(new URL(`${service}.json`, documents), "utf8"));
  writeFileSync(new URL(`${service}.d.ts`, target), astToString(await openapiTS(document)));
}
