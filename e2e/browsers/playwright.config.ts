/** The journeys in every browser that is installed beside Chromium: `playwright test -c e2e/browsers`. Playwright only runs the tests; `driver.ts` drives. */
import { defineConfig } from '@playwright/test';
import { engines } from './engines.ts';

export default defineConfig<{ engine: string }, { engine: string }>({
  testDir: '.',
  outputDir: '../../test-results/browsers',
  testMatch: '**/*.spec.ts',
  globalSetup: '../server.ts',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  // Two WebKits at once on two cores are so slow that a reload meets what the page before it had under way.
  workers: 1,
  reporter: [['list']],
  projects: engines.map((name) => ({
    name,
    use: { engine: name },
    // A session of their drivers is lost now and then, mostly WebKit's, while a page is being isolated; a retry stands in the report as flaky.
    retries: name === 'chromium' ? 0 : 1,
    // Those of Chromium are taken in `e2e/journeys.spec.ts`, and looked at there for more.
    ...(name === 'chromium' && { testIgnore: '**/views.spec.ts' }),
  })),
});
