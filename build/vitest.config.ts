// Unit and contract tests. Renderer tests say `// @vitest-environment jsdom` at their top.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/unit/**/*.test.{ts,tsx}', 'test/contract/**/*.test.ts'],
    pool: 'forks',
    // By itself vitest leaves one processor idle, which of two is half of them.
    maxWorkers: '100%',
    // Threads that tests start from sources strip their types by WebAssembly. Where its calls into JavaScript were compiled anew after many of
    // them, V8 once ended the process as it freed code ("Check failed: jit_page.has_value()"): here none ever is.
    execArgv: ['--wasm-wrapper-tiering-budget=2147483647'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
