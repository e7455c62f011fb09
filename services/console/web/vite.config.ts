import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What a page loads is called after its folder, and what it loads later after its place in there. */
function pageName(module: string | null | undefined): string | undefined {
  return module?.match(/src\/pages\/(.+)\.vue$/)?.[1]?.replace(/\/page$/, "").replaceAll("/", ".");
}

/** What several pages need is one file; a folder of `parts/` is a file of its own, for the pages that need it, and holds nothing
 * that others need: a group takes the dependencies of its modules along, so the common ones are taken first. */
const SHARED = /\/src\/(api|words|parts)\/[^/]+$|\/pages\/[^/]+\/words\.ts|plugin-vue:/;
const folderOfParts = (module: string): string | null => module.match(/\/src\/parts\/([^/]+)\//)?.[1] ?? null;

// Stable names, so that a build can be compared with another; the server puts the digest of all files into their address.
export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [vue()],
  define: { __VUE_OPTIONS_API__: "false" }, // no component here is written so: 1.5 kB, packed
  resolve: { alias: { "@testing": here("./testing"), "@": here("./src") } },
  build: {
    outDir: here("../built"),
    emptyOutDir: true,
    sourcemap: false,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: "LICENSES.md" },
    rolldownOptions: {
      checks: { bundlerTimings: false },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: ({ name, facadeModuleId }) => `${pageName(facadeModuleId) ?? name}.js`,
        codeSplitting: {
          groups: [
            { name: "vendor", test: /node_modules/, priority: 2 },
            { name: "shared", test: SHARED, minShareCount: 2, priority: 1 },
            { name: folderOfParts, debugName: "parts", minShareCount: 2 },
          ],
        },
        assetFileNames: ({ originalFileNames }) => `${pageName(originalFileNames[0]) ?? "[name]"}[extname]`,
      },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts"],
    silent: "passed-only",
    restoreMocks: true,
    unstubGlobals: true,
  },
});
