/** Nothing is cut on a phone: every view, filled by use, at 390 and 320 pixels; on a desk only the parts of a view scroll, and menus open in sight. */
import type { Page } from '@playwright/test';
import { FILLED_VIEWS } from './filled-views.ts';
import { picture } from './pictures.ts';
import { expect, test } from './support.ts';

/** What sticks out of the window, or is cut by its own box, and can't be scrolled to; Monaco answers for its own inside. */
function cut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const scrolls = (element: Element | null): boolean =>
      element !== null && (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    const hidden = (element: HTMLElement) =>
      !element.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true }) ||
      element.closest('.gb-sr-only, .monaco-editor, [aria-hidden="true"]') !== null;
    const name = (element: HTMLElement) =>
      `<${element.tagName.toLowerCase()}> “${(element.innerText || element.getAttribute('aria-label') || '').trim().slice(0, 40)}”`;
    for (const element of document.querySelectorAll<HTMLElement>('#main *, header *')) {
      const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
      const acts = element.matches('a, button, input, select, textarea, [role="tab"], [role="option"]');
      if (!(own || acts) || hidden(element)) continue;
      const box = element.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1) continue;
      const out = box.right > innerWidth + 1 || box.left < -1;
      if (out && !scrolls(element.parentElement)) found.push(`${name(element)} ends at ${Math.round(box.right)}`);
      const isField = element.matches('input, textarea');
      if (!isField && /hidden|clip/.test(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1)
        found.push(`${name(element)} needs ${element.scrollWidth} of ${element.clientWidth}`);
    }
    const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (over > 0) found.push(`the document is ${over} too wide`);
    return found;
  });
}

/** On a desk the page itself has nothing to scroll to, and what is placed inside a part that scrolls goes with it. */
function loose(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const { scrollHeight } = document.documentElement;
    if (scrollHeight > innerHeight) found.push(`the document is ${scrollHeight} of ${innerHeight} high`);
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      const { overflowX, overflowY, position } = getComputedStyle(element);
      // Monaco answers for its own inside; a field holds nothing.
      if (element.closest('.monaco-editor, input, textarea, select') || !/auto|scroll/.test(overflowX + overflowY)) continue;
      if (position === 'static')
        found.push(`<${element.tagName.toLowerCase()} class="${element.className}"> scrolls and holds nothing in place`);
    }
    return found;
  });
}

/** Each menu of a view, opened: what of it lies outside of the window. */
async function outside(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const button of await page.locator('[aria-haspopup="menu"]:visible:enabled').all()) {
    await button.click();
    const menu = page.getByRole('menu');
    await expect(menu).toHaveCSS('opacity', '1');
    const { x, y, width, height } = (await menu.boundingBox())!;
    const [right, bottom] = [x + width, y + height];
    const { width: wide, height: high } = page.viewportSize()!;
    if (x < 0 || y < 0 || right > wide || bottom > high)
      found.push(`the menu of “${await button.innerText()}” is at ${[x, y, right, bottom].map(Math.round).join(', ')}`);
    await page.keyboard.press('Escape');
    await expect(menu).toHaveCount(0);
  }
  return found;
}

test('nothing is cut at 390 and at 320 pixels, and the page does not scroll at 1440', async ({ app }) => {
  test.setTimeout(300_000);
  const { page } = app;
  await page.setViewportSize({ width: 390, height: 844 });
  page.setDefaultTimeout(60_000);
  await app.open();
  for (const { name, hash, use } of FILLED_VIEWS) {
    await page.evaluate((to) => (globalThis.location.hash = to), `#${hash}`);
    await expect(page.locator('main').getByRole('status', { name: /^Loading/ })).toHaveCount(0);
    // Out of the way: a token under the pointer opens its card over what is below.
    await page.mouse.move(1, 1);
    await use?.(page);
    await page.mouse.move(1, 1);
    for (const width of [390, 320]) {
      await page.setViewportSize({ width, height: 844 });
      // Charts follow the width of their box a frame later.
      await page.waitForTimeout(250);
      await picture(page, `narrow-${name.replaceAll(/\W+/g, '-')}-${width}`, { fullPage: true });
      expect.soft(await cut(page), `${name}, ${width} px`).toEqual([]);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.waitForTimeout(250);
    expect.soft(await loose(page), `${name}, 1440 × 900`).toEqual([]);
    expect.soft(await outside(page), `menus of ${name}, 1440 × 900`).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
  }
  // Refusals are part of what is looked at, and the browser writes a line for each.
  app.complaints.splice(0, app.complaints.length, ...app.complaints.filter((each) => !/status of 4\d\d/.test(each)));
});

test('a result that stands below its form comes into sight when it is asked for, the first time too', async ({ app }) => {
  const { page, open } = app;
  await page.setViewportSize({ width: 390, height: 844 });
  await open('#/computation/benchmark');
  for (const [hash, button, result] of [
    ['computation/benchmark', /flash_attention against naive/, page.getByRole('heading', { name: 'flash_attention against naive' })],
    ['scheduler/workloads', /^Simulate$/, page.getByLabel('Results', { exact: true })],
  ] as const)
    await test.step(hash, async () => {
      await page.evaluate((to) => (location.hash = `#/${to}`), hash);
      await page.locator('main').getByRole('button', { name: button }).first().click();
      await expect(result.first()).toBeInViewport();
    });
});
