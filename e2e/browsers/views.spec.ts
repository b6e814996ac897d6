/** Every view opens in every browser, in light and wide and in dark and narrow, with a picture of each. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { VIEWS } from '../views.ts';
import { expect, test } from './support.ts';
import { pause } from './tab.ts';

const PICTURES = 'e2e/screenshots/browsers';
mkdirSync(PICTURES, { recursive: true });

const LOOKS = [
  { scheme: 'light', width: 1280, height: 800 },
  { scheme: 'dark', width: 390, height: 844 },
] as const;

for (const { scheme, width, height } of LOOKS) {
  test(`every view, ${scheme}, ${width} px wide`, async ({ tab, engine }) => {
    await tab.driver.resize(width, height);
    await tab.open('');
    await tab.evaluate((to) => localStorage.setItem('glassbox-colour-scheme', to), scheme);
    await tab.reload();
    for (const view of VIEWS) {
      await tab.go(`#/${view}`);
      await pause(300);
      const loading = () => tab.evaluate(() => document.querySelectorAll('main [role=status][aria-label^=Loading]').length);
      await expect.poll(loading, `${view} has loaded`).toBe(0);
      await pause(500);
      writeFileSync(`${PICTURES}/${view.replaceAll('/', '-')}-${engine}-${scheme}-${width}.png`, await tab.driver.screenshot());
      expect((await tab.text('main')).length, `${view} shows something`).toBeGreaterThan(20);
      expect(
        await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
        `${view} does not scroll sideways`,
      ).toBeLessThanOrEqual(0);
    }
    await tab.evaluate(() => localStorage.setItem('glassbox-colour-scheme', 'light'));
    await tab.driver.resize(1280, 800);
  });
}
