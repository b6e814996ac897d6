/** The browsers that are tested, and how each is started; what is not installed is left out with a word. */
import { findChromium, findFirefox, findWebKit } from '../../scripts/browser.mjs';
import { launchFirefox } from './bidi.ts';
import { launchChromium } from './chromium.ts';
import type { Driver } from './driver.ts';
import { launchWebKit } from './webdriver.ts';

const firefox = findFirefox();
const webkit = findWebKit();

const launchers: Record<string, () => Promise<Driver>> = {
  chromium: async () => launchChromium((await findChromium()).path),
  ...('path' in firefox && { firefox: () => launchFirefox(firefox.path) }),
  ...('path' in webkit && { webkit: () => launchWebKit(webkit) }),
};

/** Chromium's journeys are in `e2e/`: here it only stands in where there is no other. */
export const engines = Object.keys(launchers).filter((name, _, { length }) => name !== 'chromium' || length === 1);

/** Playwright reads its configuration again in each of its workers. */
if (process.env.TEST_WORKER_INDEX === undefined)
  for (const each of [firefox, webkit]) if ('missing' in each) console.warn(`Left out: ${each.missing}.`);

export const launch = (engine: string): Promise<Driver> => launchers[engine]!();
