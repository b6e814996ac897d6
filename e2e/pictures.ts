/** Pictures to look at, taken on the way where they are asked for: `PICTURES=1 npx playwright test`. They prove nothing, and take a minute of a whole run. */
import type { Locator, Page, PageScreenshotOptions } from '@playwright/test';

const FOLDER = 'e2e/screenshots';
const isAskedFor = Boolean(process.env.PICTURES);

/** @param name of the file, without its folder and ending */
export async function picture(of: Page | Locator, name: string, options: Pick<PageScreenshotOptions, 'fullPage'> = {}): Promise<void> {
  if (isAskedFor) await of.screenshot({ path: `${FOLDER}/${name}.png`, ...options });
}
