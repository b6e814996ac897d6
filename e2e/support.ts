/** The page under test: opened under its sub-path, ready, and with a console that stays clean. */
import { test as base, expect, type Page } from '@playwright/test';
import type { PageClient } from '../src/client/page-client.ts';
import { SITE_URL } from './server.ts';

declare global {
  var glassbox: { client: PageClient; ready: Promise<void> };
}

export interface App {
  page: Page;
  /** Opens a view and waits for services and default model. */
  open(hash?: string): Promise<void>;
  /** Console errors and uncaught exceptions so far; a test that expects some empties the list. */
  complaints: string[];
}

export const test = base.extend<{ app: App }>({
  app: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
    // Keeping the site for a visit without a network would copy 60 MB in each test: it has tests of its own.
    await page.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }));
    const open = async (hash = '') => {
      await page.goto(SITE_URL + hash);
      await page.waitForFunction(() => 'glassbox' in globalThis);
      await page.evaluate(() => globalThis.glassbox.ready);
    };
    await use({ page, open, complaints });
    expect(complaints, 'the console stays clean').toEqual([]);
  },
});

export { expect };
