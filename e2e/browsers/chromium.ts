/** Chromium by Playwright: it proves that a journey is right before another browser is found wrong. */
import { chromium } from '@playwright/test';
import { chromiumArguments } from '../../scripts/browser.mjs';
import type { Driver } from './driver.ts';

export async function launchChromium(path: string): Promise<Driver> {
  const browser = await chromium.launch({ executablePath: path, args: chromiumArguments });
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  return {
    version: `Chromium ${browser.version()}`,
    goto: async (url) => void (await page.goto(url, { waitUntil: 'domcontentloaded' })),
    reload: async () => void (await page.reload({ waitUntil: 'domcontentloaded' })),
    evaluate: (expression) => page.evaluate(expression),
    click: ({ x, y }) => page.mouse.click(x, y),
    press: (keys) => page.keyboard.press(keys.join('+')),
    type: (text) => page.keyboard.type(text),
    resize: (width, height) => page.setViewportSize({ width, height }),
    screenshot: () => page.screenshot(),
    complaints: async () => complaints.splice(0),
    close: () => browser.close(),
  };
}
