import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** `--mode fake` puts a scripted computer in the shell's place: the page runs in any browser. */
export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  clearScreen: false,
  resolve: {
    alias: { '@host': here(mode === 'fake' ? './tests-browser/fake/host.ts' : './src/ipc/tauri.ts') },
    conditions: process.env.VITEST ? ['browser'] : undefined,
  },
  // WebKitGTK 2.38 and WebView2: both are newer than this.
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { host: '127.0.0.1', port: 5199, strictPort: true, fs: { allow: [here('..')] } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
}));
