/** Every view opens in every browser, in light and wide and in dark and narrow, with a picture of each. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { VIEWS } from '../views.ts';
import { expect, test } from './support.ts';
import { pause, type Tab } from './tab.ts';

const PICTURES = 'e2e/screenshots/browsers';
mkdirSync(PICTURES, { recursive: true });

/** Longer than it takes from a click to the first sign that something is fetched. */
const SETTLE_MS = 300;

const LOOKS = [
  { scheme: 'light', width: 1280, height: 800 },
  { scheme: 'dark', width: 390, height: 844 },
] as const;

/** As a person chooses them: what is drawn on a canvas or by Monaco follows the page's state, and no attribute. */
async function inColours(tab: Tab, scheme: 'light' | 'dark'): Promise<void> {
  const now = await tab.evaluate(() => document.documentElement.getAttribute('data-mantine-color-scheme'));
  if (now !== scheme) await tab.click('button', /^Switch to (dark|light) colours/);
}

/** Nothing says that it is loading, and what is shown stays as it is. */
async function settled(tab: Tab, view: string): Promise<void> {
  const look = () =>
    tab.evaluate(() => {
      const main = document.querySelector('main');
      return main && !main.querySelector('[aria-label^=Loading]') ? `${main.innerText} ${main.querySelectorAll('*').length}` : null;
    });
  let last = await look();
  await expect
    .poll(
      async () => {
        await pause(SETTLE_MS);
        const before = last;
        last = await look();
        return last !== null && last === before;
      },
      { message: `${view} has loaded` },
    )
    .toBe(true);
}

test('every view, light and wide, dark and narrow', async ({ tab, engine }) => {
  test.setTimeout(180_000);
  await tab.open('');
  for (const view of VIEWS) {
    await tab.go(`#/${view}`);
    for (const { scheme, width, height } of LOOKS) {
      await tab.driver.resize(width, height);
      await inColours(tab, scheme);
      await settled(tab, view);
      expect(await tab.driver.complaints(), `${view}, ${scheme}: the console stays clean`).toEqual([]);
      writeFileSync(`${PICTURES}/${view.replaceAll('/', '-')}-${engine}-${scheme}-${width}.png`, await tab.driver.screenshot());
      const text = await tab.text('main');
      expect(text.length, `${view} shows something`).toBeGreaterThan(20);
      expect(text, `${view} finds no fault with what nobody changed`).not.toMatch(/is no field here|\[object |\bundefined\b/);
      expect(
        await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
        `${view} does not scroll sideways at ${width} px`,
      ).toBeLessThanOrEqual(0);
    }
  }
  await inColours(tab, 'light');
  await tab.driver.resize(1280, 800);
});
