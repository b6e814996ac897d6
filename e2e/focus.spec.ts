/** Whoever starts work from the keyboard still has it afterwards: the focus goes to Stop or waits beside it, and comes back to the button. */
import type { Page } from '@playwright/test';
import { expect, test } from './support.ts';

interface Start {
  hash: string;
  button: RegExp;
  /** The work is long: it is stopped by the button that has the focus meanwhile. */
  stopped?: boolean;
}

const STARTS: readonly Start[] = [
  { hash: 'computation/benchmark', button: /Matrix product, naive against tiled/, stopped: true },
  { hash: 'computation/kernels', button: /^Run$/ },
  { hash: 'computation/plans', button: /Run the plan/ },
  { hash: 'computation/experiments', button: /^Run \d+ run/ },
  { hash: 'scheduler/workloads', button: /^Simulate$/ },
  { hash: 'scheduler', button: /Run a small workload/, stopped: true },
  { hash: 'memory', button: /^Allocate$/ },
  { hash: 'code', button: /^Test$/ },
  { hash: 'scripts', button: /^Run$/ },
  { hash: 'api/model/generate', button: /^Send/ },
  { hash: 'tests', button: /^Run all/, stopped: true },
  { hash: 'playground', button: /^Generate/ },
];

test('a button that starts work has the focus again when the work has ended', async ({ app }) => {
  const { page, open } = app;
  await open('#/playground');
  await page.evaluate(watchFocus);
  for (const { hash, button, stopped } of STARTS)
    await test.step(hash, async () => {
      await page.evaluate((to) => (location.hash = `#/${to}`), hash);
      const start = page.locator('main').getByRole('button', { name: button }).first();
      await expect(start).toBeEnabled();
      await start.focus();
      const name = await focused(page);
      await page.evaluate(() => (globalThis.dropped = []));
      await page.keyboard.press('Enter');
      if (stopped) {
        await expect.poll(() => focused(page)).toMatch(/^Stop/);
        await page.keyboard.press('Enter');
      }
      await expect.poll(() => focused(page), { timeout: 60_000 }).toBe(name);
      expect(await page.evaluate(() => globalThis.dropped), 'where the focus was before nothing had it, for three frames').toEqual([]);
    });
});

test('the focus stays where a person puts it while the work goes on', async ({ app }) => {
  const { page, open } = app;
  await open('#/computation/plans');
  await page.getByRole('button', { name: 'Run the plan' }).focus();
  await page.keyboard.press('Enter');
  const elsewhere = page.getByRole('tab', { name: 'Plans' });
  await elsewhere.focus();
  await expect(page.getByRole('button', { name: 'Run the plan' })).toBeVisible();
  await expect(elsewhere).toBeFocused();
});

test('what opens over the page begins at its first field, and gives the focus back when it goes, the first time too', async ({ app }) => {
  const { page, open } = app;
  await open('#/playground');
  const link = page.getByRole('navigation').getByRole('link', { name: 'API' });
  await link.focus();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('textbox', { name: 'Search' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(link).toBeFocused();

  const load = page.getByTitle(/Load another model/);
  await load.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Load a model' });
  await expect(dialog.getByRole('radio', { checked: true })).toBeFocused();
  await expect(dialog.getByRole('button').filter({ hasNotText: /./ })).toHaveAccessibleName('Close');
  await page.keyboard.press('Escape');
  await expect(load).toBeFocused();

  await page.evaluate(() => (location.hash = '#/tests'));
  const write = page.getByRole('button', { name: 'Add a case' });
  await write.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog').getByLabel('Name')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(write).toBeFocused();
});

test('no slider is a tab stop beside its field, and each kind of field has a ring', async ({ app }) => {
  const { page, open } = app;
  await open('#/playground');
  const sliders = page.getByRole('slider', { name: /by pointer/ });
  await expect(sliders.first()).toBeVisible();
  for (const slider of await sliders.all()) await expect(slider).toHaveAttribute('tabindex', '-1');
  const stop = page.getByLabel('stop', { exact: true }).and(page.locator('input'));
  await stop.focus();
  await expect(page.locator('.mantine-Input-input').filter({ has: stop })).toHaveCSS('outline-width', '2px');
});

test('an editor that keeps Tab shows the key that lets it go', async ({ app }) => {
  const { page, open } = app;
  await open('#/code/sampler');
  const hint = page.getByText('leaves the editor');
  await expect(hint).toBeHidden();
  await page.locator('.monaco-editor').getByRole('textbox').first().focus();
  await expect(hint).toBeVisible();
});

declare global {
  /** What had the focus before the page had it on nothing, for more than two frames. */
  var dropped: string[];
}

const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? '';
  });

function watchFocus(): void {
  let frames = 0;
  let last = '';
  globalThis.dropped = [];
  const look = () => {
    const { activeElement, body } = document;
    if (activeElement !== body) last = `${activeElement?.tagName} ${activeElement?.textContent?.slice(0, 40)}`;
    frames = activeElement === body ? frames + 1 : 0;
    if (frames === 3) globalThis.dropped.push(last);
    requestAnimationFrame(look);
  };
  look();
}
