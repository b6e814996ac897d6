import { defineConfig } from 'vitest/config';
import { builtIns } from './scripts/built-ins.mjs';
import { pythonPackage } from './scripts/python-wheel.mjs';

export default defineConfig({
  plugins: [builtIns(), pythonPackage()],
  test: {
    setupFiles: ['src/testing/property-seed.ts'],
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'examples/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
