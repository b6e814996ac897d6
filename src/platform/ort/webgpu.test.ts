/** The WebGPU path in real Chromium, on its software adapter where there is no other: the same logits and ids as transformers, and life after a lost device. */
import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createServer, type ViteDevServer } from 'vite';
import { chromiumArguments, findChromium } from '../../../scripts/browser.mjs';
import type { AttentionKernel } from '../../patchable/model/index.ts';

let server: ViteDevServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  server = await createServer({
    logLevel: 'error',
    server: { host: 'localhost', port: 0, hmr: false },
    optimizeDeps: { noDiscovery: true, include: [] },
  });
  await server.listen();
  const { path } = await findChromium();
  browser = await chromium.launch({ executablePath: path, args: chromiumArguments });
  page = await browser.newPage();
  const origin = server.resolvedUrls!.local[0]!;
  await page.route(`${origin}blank`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<!doctype html><script type="module" src="/src/platform/ort/testing/webgpu-check.ts"></script>',
    }),
  );
  await page.goto(`${origin}blank`);
  await page.waitForFunction(() => 'webgpuCheck' in globalThis);
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

describe.each<[string, AttentionKernel]>([
  ['llama-gqa-tied', 'flash_attention'],
  ['llama-gqa-tied', 'grouped'],
  ['mistral-sliding', 'flash_attention'],
  ['gpt2-tied', 'naive'],
  ['gpt-neox', 'flash_attention'],
  ['gemma2', 'flash_attention'],
])('%s, %s', (name, kernel) => {
  test('equals transformers', async ({ skip }) => {
    const standIn = await page.evaluate(() => globalThis.webgpuCheck.standInKernel());
    if (kernel === standIn) skip('it computes in place of flash_attention on this adapter, and is tested there');
    const result = await page.evaluate(([name, kernel]) => globalThis.webgpuCheck.checkParity(name, kernel), [name, kernel] as const);
    expect(result.logits).toBeLessThan(1e-3);
    expect(result.chunkedLogits).toBeLessThan(1e-3);
    expect(result.patchedLogits, "another sequence with this one's stream tapped in").toBeLessThan(1e-3);
    expect(result.attentions).toBeLessThan(1e-3);
    expect(result.greedy).toEqual(result.expectedGreedy);
    expect(result.copiedBlock).toBe(0);
  });
});

test('a lost device is told once and replaced', async () => {
  const result = await page.evaluate(() => globalThis.webgpuCheck.checkLostDevice('llama-gqa-tied'));
  expect(result).toEqual({ outcomes: ['DeviceLostError', 'ok', 'ok'], sameLogits: true, newDevice: true });
});

test('twelve mixed requests give greedy what each gives alone, swapped out and in, and with the device lost in the middle of a step', async () => {
  /** Logits closer than this may change places. */
  const tie = 1e-4;
  const setting = { maxNumSeqs: 6, tokenBudget: 64, chunkSize: 9, mode: 'mixed', preemption: 'swap', numBlocks: 40 } as const;
  const served = await page.evaluate((each) => globalThis.webgpuCheck.checkServing('llama-gqa-tied', each, 8), setting);
  expect(served.failedRuns).toBe(1);
  expect(served.divergences.filter(({ gap }) => gap >= tie)).toEqual([]);
  expect(served.heldBlocks).toBe(0);
  expect(served.preemptions).toBeGreaterThan(0);
  expect(served.swappedBlocks).toBeGreaterThan(0);
  expect(served.prefixHitTokens).toBeGreaterThan(0);
});
