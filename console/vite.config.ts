import react from "@vitejs/plugin-react";
import { type Plugin, defineConfig } from "vite";

const BASE = "/console/";

/** Fonts that styles hold as data become files: browsers load those that a page uses, and draw it before they have come. */
function fontFiles(): Plugin {
  return {
    name: "font-files",
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "asset" || !file.fileName.endsWith(".css")) continue;
        file.source = String(file.source).replace(/url\("?data:font\/woff2;base64,([^")]+)"?\)/g, (_text, data: string) => {
          const font = this.emitFile({ type: "asset", name: "font.woff2", source: Uint8Array.from(atob(data), (each) => each.charCodeAt(0)) });
          return `url(${BASE}${this.getFileName(font)})`;
        });
      }
    },
  };
}

// Each page is a chunk of its own: what a visitor does not open is not loaded.
export default defineConfig({
  base: BASE,
  plugins: [react(), fontFiles()],
  build: {
    outDir: "../src/stageline/webconsole/built",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
  },
  server: { proxy: { "^/console/(session|api|may|events|objects|badges)": "http://127.0.0.1:4566" } },
});
