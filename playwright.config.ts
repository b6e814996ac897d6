import { defineConfig } from '@playwright/test';
import { chromiumArguments, findChromium } from './scripts/browser.mjs';
import { writeBuiltIns } from './scripts/built-ins.mjs';

writeBuiltIns();

const { path } = await findChromium();

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/chromium',
  testMatch: '**/*.spec.ts',
  // The same journeys in several browsers have a configuration of their own there.
  testIgnore: 'browsers/**',
  globalSetup: './e2e/server.ts',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  workers: 2,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: { executablePath: path, args: chromiumArguments },
    viewport: { width: 1280, height: 800 },
  },
});
