import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// Stable names, so that a build can be compared with another; the server puts the digest of all files into their address.
export default defineConfig({
  base: "./",
  plugins: [vue()],
  resolve: { alias: { "@": here("./src") } },
  build: {
    outDir: here("../built"),
    emptyOutDir: true,
    sourcemap: false,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: ({ name, facadeModuleId }) => `${facadeModuleId?.match(/src\/pages\/(.+)\/page\.vue/)?.[1] ?? name}.js`,
        advancedChunks: {
          groups: [
            { name: "vendor", test: /node_modules/ },
            { name: "shared", test: /src\/(api|parts|words)\/|pages\/[^/]+\/words\.ts/ },
          ],
        },
        assetFileNames: "[name][extname]",
      },
    },
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.ts"] },
});
