/** What the site ships comes with its terms: packages of the page, of the workers and of the service worker. */
import { readFileSync } from 'node:fs';
import { SITE_URL } from './server.ts';
import { expect, test } from './support.ts';

test('licenses.md names what page, workers and service worker hold, and nothing that only tests use', async ({ request }) => {
  const response = await request.get(`${SITE_URL}licenses.md`);
  expect(response.ok()).toBe(true);
  const text = await response.text();
  const named = new Set(Array.from(text.matchAll(/^## (\S+) [^,\n]+, \S/gm), (match) => match[1]));
  for (const name of ['react', 'hono', 'onnxruntime-web', 'monaco-editor', 'pyodide', 'msw']) expect(named, name).toContain(name);
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { devDependencies: Record<string, string> };
  for (const name of Object.keys(devDependencies)) expect(named, `${name} is a development dependency`).not.toContain(name);
  expect(text).toContain(readFileSync('LICENSE', 'utf8'));
});
