import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    setupFiles: ['src/testing/property-seed.ts'],
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'examples/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
