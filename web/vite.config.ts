import { defineConfig } from 'vite';

// Preact needs no plugin: the JSX runtime is set in tsconfig.json.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: { outDir: '../dist/web', emptyOutDir: true, target: 'es2022', sourcemap: false, reportCompressedSize: false },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: { port: 5173, proxy: { '/api': process.env['DSIM_API'] ?? 'http://127.0.0.1:3000' } },
});
