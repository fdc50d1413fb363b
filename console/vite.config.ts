import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Each page is a chunk of its own: what a visitor does not open is not loaded.
export default defineConfig({
  base: "/console/",
  plugins: [react()],
  build: {
    outDir: "../src/stageline/webconsole/built",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
  },
  server: { proxy: { "^/console/(session|api|may|events|objects|badges)": "http://127.0.0.1:4566" } },
});
