/** Browsers in which something is missing, and a tour of the whole page that must work in each of them. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, expect, type Page } from '@playwright/test';
import { chromiumArguments, findChromium } from '../scripts/browser.mjs';
import { SITE_BASE, SITE_PORT, SITE_URL } from './server.ts';

export interface BrowserState {
  /** What is missing, for the name of the test. */
  missing: string;
  address: string;
  args?: string[];
  /** Chromium's own settings. */
  preferences?: object;
  /** Runs before the page's scripts. */
  before?: () => void;
  /** Whether the browser is really so; runs in the page. */
  isSo: () => boolean;
  /** What the page says of it. */
  says?: RegExp;
}

export const STATES = {
  insecure: {
    missing: 'a secure address',
    address: `http://glassbox.test:${SITE_PORT}${SITE_BASE}`,
    args: ['--host-resolver-rules=MAP glassbox.test 127.0.0.1'],
    isSo: () => !isSecureContext && !('randomUUID' in crypto),
    says: /neither HTTPS nor localhost/,
  },
  blocked: {
    missing: 'storage',
    address: SITE_URL,
    preferences: { profile: { default_content_setting_values: { cookies: 2 } } },
    isSo: () => {
      try {
        return localStorage === null;
      } catch {
        return true;
      }
    },
    says: /denies this site its storage.* last until the page is closed/,
  },
  posix: {
    // What Chromium's headless shell calls its language under LANG=C.
    missing: 'a language that Intl takes',
    address: SITE_URL,
    args: ['--lang=en-US@posix', '--accept-lang=en-US@posix'],
    isSo: () => Object.getOwnPropertyDescriptor(Navigator.prototype, 'language')?.get?.call(navigator) === 'en-US@posix',
  },
  bare: {
    missing: 'what only newer browsers have, a clipboard, and room to store anything',
    address: SITE_URL,
    before: () => {
      for (const name of ['OffscreenCanvas', 'requestIdleCallback', 'BroadcastChannel', 'SharedArrayBuffer', 'showSaveFilePicker'])
        Reflect.deleteProperty(globalThis, name);
      for (const name of ['clipboard', 'locks', 'gpu', 'storage', 'hardwareConcurrency', 'userAgentData'])
        Reflect.deleteProperty(Navigator.prototype, name);
      for (let size = 2 ** 22; size >= 1; size >>= 1) {
        try {
          localStorage.setItem(`filler.${size}`, 'x'.repeat(size));
        } catch {
          // No room for that much; half of it may still go in.
        }
      }
    },
    isSo: () => !('clipboard' in navigator) && !('OffscreenCanvas' in globalThis),
    says: /storage for this site is full.* last until the page is closed/,
  },
} satisfies Record<string, BrowserState>;

/** Opens the page in such a browser; what its console says is collected. */
export async function inState(
  { address, args = [], preferences, before, isSo }: BrowserState,
  use: (page: Page, complaints: string[]) => Promise<void>,
): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'profile-'));
  await mkdir(join(profile, 'Default'));
  if (preferences) await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  let context: BrowserContext | undefined;
  try {
    context = await chromium.launchPersistentContext(profile, {
      executablePath: (await findChromium()).path,
      args: [...chromiumArguments, ...args],
      viewport: { width: 1280, height: 800 },
      // The browser's own, which the test runner would replace.
      ...{ locale: undefined as unknown as string },
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
    if (before) await page.addInitScript(before);
    await page.goto(address);
    expect(await page.evaluate(isSo), 'the browser is as it should be').toBe(true);
    await page.waitForFunction(() => 'glassbox' in globalThis);
    await page.evaluate(() => globalThis.glassbox.ready);
    await use(page, complaints);
  } finally {
    await context?.close();
    await rm(profile, { recursive: true, force: true });
  }
}

/** Every view that the navigation leads to, with all its tabs; gives their addresses. */
export async function openEveryView(page: Page, each: (name: string) => Promise<void> = async () => {}): Promise<string[]> {
  const seen: string[] = [];
  const main = page.getByRole('main');
  const look = async () => {
    await expect(page.getByRole('status', { name: /^Loading/ })).toHaveCount(0);
    await expect(main.getByText(/could not be opened|This panel failed/)).toHaveCount(0);
    await expect(main.locator('h1, h2, h3').first()).toBeVisible();
    seen.push(new URL(page.url()).hash);
    await each(new URL(page.url()).hash.replaceAll(/\W+/g, '-'));
  };
  const links = page.getByRole('navigation', { name: 'Panels' }).getByRole('link');
  for (let i = 0; i < (await links.count()); i++) {
    await links.nth(i).click();
    await look();
    const parts = main.locator('[role=tab], [role=radiogroup][aria-label=View] label');
    for (let j = 1; j < (await parts.count()); j++) {
      await parts.nth(j).click();
      await look();
    }
  }
  return seen;
}

const goTo = (page: Page, hash: string) => page.evaluate((hash) => (location.hash = hash), hash);

/** Generates, sends a request, patches, runs a script, loads a model, copies: by what a person clicks. */
export async function useEverything(page: Page): Promise<void> {
  const main = page.getByRole('main');
  await goTo(page, '#/playground');
  await page.getByRole('textbox', { name: 'Prompt' }).fill('Lily had a red ball');
  await page.getByRole('textbox', { name: 'max_new_tokens', exact: true }).fill('8');
  await page
    .getByRole('button', { name: /^Generate/ })
    .first()
    .click();
  await expect(main.getByText(/Finished:/)).toBeVisible({ timeout: 60_000 });

  await goTo(page, '#/api/tokenizer/tokenize');
  await page.getByRole('button', { name: /^Send/ }).first().click();
  await expect(main.getByText('input_ids').last()).toBeVisible();

  await goTo(page, '#/code/model.attention');
  await page.getByRole('button', { name: 'Try it: Sliding window of 16' }).click();
  await expect(page.getByRole('region', { name: 'Revisions', exact: true })).toContainText('Sliding window of 16', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Back to built-in' }).click();
  await expect(page.getByRole('button', { name: 'Try it: Sliding window of 16' })).toBeVisible({ timeout: 60_000 });

  await goTo(page, '#/code/scripts');
  await page.getByRole('button', { name: 'New script' }).first().click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('log', { name: 'Output' })).toContainText(/\d/);

  await goTo(page, '#/memory');
  await expect(main.locator('.uplot').first()).toBeVisible();

  const made = await page.evaluate(async () => {
    const { client } = globalThis.glassbox;
    const { id } = await client.post('computation', 'plans', { name: 'Mine' });
    await client.put('model', 'weights', { source: { kind: 'bundled', id: 'default' } });
    const { weights } = await client.get('model', 'weights');
    return { id, model: weights?.model_id };
  });
  expect(made).toEqual({ id: expect.stringMatching(/^plan_/), model: 'default' });

  // What was written is there when one comes back, whether or not the browser keeps it.
  await goTo(page, '#/playground');
  const prompt = page.getByRole('textbox', { name: 'Prompt' });
  await expect(prompt).toHaveValue('Lily had a red ball');
  await page.getByRole('button', { name: /^Copy a link/ }).click();
  await expect(page.getByRole('tooltip', { name: 'Copied' })).toBeVisible();
  await prompt.fill('');
  await prompt.press('Control+V');
  await expect(prompt).toHaveValue(/#\/playground\?prompt=Lily/);
}
