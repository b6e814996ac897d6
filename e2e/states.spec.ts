/** Nothing the page shows needs what may be missing: a secure address, storage, a language that Intl takes, a file that did not come the first time. */
import { inState, openEveryView, STATES, useEverything } from './states.ts';
import { picture } from './pictures.ts';
import { expect, test } from './support.ts';

for (const [name, state] of Object.entries(STATES)) {
  test(`without ${state.missing} every view opens, and what is done there works`, async () => {
    await inState(state, async (page, complaints) => {
      await useEverything(page);
      if ('says' in state) await expect(page.getByText(state.says)).toHaveCount(1);
      const views = await openEveryView(page, (view) => picture(page, `${name}${view}`));
      expect(views.length).toBeGreaterThan(10);
      expect(complaints, 'the console stays clean').toEqual([]);
    });
  });
}

/** Without the service worker, so that requests can be made to fail. */
const withoutServiceWorker = () => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker');

test('code and styles that did not come the first time come when one tries again', async ({ app }) => {
  const { page } = app;
  await page.addInitScript(withoutServiceWorker);
  await app.open();
  const down = { now: true };
  await page.route(/\/assets\/.*\.(js|css)/, (route) => (down.now ? route.abort() : route.continue()));
  const panels = page.getByRole('navigation', { name: 'Panels' });
  const failed = page.getByRole('alert').filter({ hasText: 'could not be opened' });
  const again = page.getByRole('button', { name: 'Try again' });

  // A panel, and the same one after it was left and come back to.
  await panels.getByRole('link', { name: 'Memory' }).click();
  await expect(failed).toContainText('This panel could not be opened. Its code could not be fetched');
  await again.click();
  await expect(failed).toBeVisible();
  down.now = false;
  await again.click();
  await expect(page.getByRole('heading', { name: 'Memory', exact: true })).toBeVisible();
  const unstyled = await page.evaluate(() => [...document.styleSheets].length < document.querySelectorAll('link[rel=stylesheet]').length);
  expect(unstyled, 'every stylesheet is applied').toBe(false);

  // Its charts are fetched apart.
  await expect(page.locator('.uplot').first()).toBeVisible();
  await expect(failed).toHaveCount(0);

  // A dialog must not take the page with it.
  down.now = true;
  await page.keyboard.press('Control+K');
  await expect(failed).toContainText('The search could not be opened.');
  down.now = false;
  await again.click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');

  // An editor: what is around it goes on.
  await page.route(/script-editor/, (route) => (down.now ? route.abort() : route.continue()));
  await page.unroute(/\/assets\/.*\.(js|css)/);
  down.now = true;
  await panels.getByRole('link', { name: 'Scripts' }).click();
  await expect(failed).toContainText('The editor could not be opened.');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('log', { name: 'Output' })).toContainText(/\d/);
  down.now = false;
  await again.click();
  await expect(page.locator('.monaco-editor').first()).toBeVisible();

  expect(app.complaints.filter((each) => !/Failed to load resource/.test(each))).toEqual([]);
  app.complaints.splice(0);
});

test('a runtime that did not come the first time comes with the next load of a model', async ({ app }) => {
  const { page } = app;
  await page.addInitScript(withoutServiceWorker);
  await page.route(/ort-wasm.*\.wasm$/, (route) => route.abort());
  await app.open('#/playground');
  await expect(page.getByText('The model could not be loaded')).toBeVisible();
  await expect(page.getByRole('main')).toContainText("The runtime can't start without it");
  await page.unrouteAll();
  const loaded = await page.evaluate(() =>
    globalThis.glassbox.client.put('model', 'weights', { source: { kind: 'bundled', id: 'default' } }),
  );
  expect(loaded).toMatchObject({ model_id: 'default' });
  app.complaints.splice(0);
});

test('after an update of the site the page says that it must be reloaded', async ({ app }) => {
  const { page } = app;
  await page.addInitScript(withoutServiceWorker);
  await app.open();
  await page.route(/\/assets\/.*\.(js|css)/, (route) => route.fulfill({ status: 404, contentType: 'text/html', body: '<h1>404</h1>' }));
  await page.route(
    (url) => url.pathname.endsWith('/glassbox/'),
    (route) => route.fulfill({ contentType: 'text/html', body: '<script type="module" src="./assets/index-newer.js"></script>' }),
  );
  await page.getByRole('navigation', { name: 'Panels' }).getByRole('link', { name: 'Memory' }).click();
  await expect(page.getByRole('alert')).toContainText('This site was updated after the page was opened');
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Reload the page' }).click();
  await expect(page.getByRole('heading', { name: 'Memory', exact: true })).toBeVisible();
  app.complaints.splice(0);
});

test('a browser that is too old is told so, with what it lacks', async ({ app }) => {
  const { page } = app;
  await page.addInitScript(() => {
    Reflect.deleteProperty(AbortSignal, 'any');
    Reflect.deleteProperty(Intl, 'Segmenter');
  });
  await app.open();
  await expect(page.getByText(/too old for Glassbox: it lacks AbortSignal.any, Intl.Segmenter\./)).toBeVisible();
});

const PYTHON = `def attention(g, inputs):
    layer = inputs.layer
    per_kv_head = layer.num_heads // layer.num_kv_heads
    queries = g.transpose(inputs.q, [0, 2, 1, 3])
    keys = g.repeat(inputs.keys(), 1, per_kv_head)
    values = g.repeat(inputs.values(), 1, per_kv_head)
    scores = g.mul(g.matmul(queries, g.transpose(keys, [0, 1, 3, 2])), layer.scale)
    probabilities = g.softmax(g.add(scores, inputs.mask(16)), -1)
    heads = g.matmul(probabilities, values)
    output = g.reshape(g.transpose(heads, [0, 2, 1, 3]), ['B', 'T', layer.num_heads * layer.head_dim])
    return {'output': output, 'probabilities': probabilities} if inputs.want_probabilities else output
`;

test('what checks a candidate and did not come is not blamed on it, the worker lives on, and it comes when one tries again', async ({
  app,
}) => {
  const { page } = app;
  await page.addInitScript(withoutServiceWorker);
  await app.open('#/memory');
  const outcome = (source: string, language: 'python' | 'typescript', only: boolean) =>
    page.evaluate(
      async ([code, by, validateOnly]) => {
        const id = by === 'python' ? 'model.attention' : 'sampler';
        const { client } = globalThis.glassbox;
        const { problem } = await client.send('code', 'patch', {
          ...{ id, source: code, language: by, validate_only: validateOnly, time_limit_ms: 20_000 },
        });
        // Whatever became of it, the worker answers.
        await client.post('model', 'generate', { prompt: 'Once', max_new_tokens: 2 });
        return problem ? { code: problem.code, detail: problem.detail } : null;
      },
      [source, language, only] as const,
    );
  const missing: [file: RegExp, says: RegExp][] = [
    [/\/pyodide\.asm[^/]*\.wasm/, /Python's file pyodide\.asm[^ ]*\.wasm did not come \(no answer\)/],
    [/\/python_stdlib[^/]*\.zip/, /Python's file python_stdlib[^ ]*\.zip did not come \(no answer\)/],
    [/\/python-module-[^/]*\.js/, /code could not be fetched/],
  ];
  // A page of its own for each: after a check that failed the next worker begins to load at once, and would meet both sides of a change.
  const anew = async () => {
    await page.reload();
    await page.waitForFunction(() => 'glassbox' in globalThis);
    await page.evaluate(() => globalThis.glassbox.ready);
  };
  for (const [file, says] of missing) {
    await page.route(file, (route) => route.abort());
    await anew();
    const problem = await outcome(PYTHON, 'python', true);
    expect(problem?.code).toBe('internal');
    expect(problem?.detail).toMatch(says);
    await page.unroute(file);
  }
  await page.route(/\/pyodide\.asm[^/]*\.wasm/, (route) => route.fulfill({ contentType: 'text/html', body: '<h1>Home</h1>' }));
  await anew();
  expect((await outcome(PYTHON, 'python', true))?.detail).toContain('a page came instead');
  await page.unrouteAll();
  await anew();
  expect(await outcome(PYTHON, 'python', false)).toBeNull();
  expect(
    await page.evaluate(async () => (await globalThis.glassbox.client.get('code', 'resources', { patched: true })).resources[0]?.language),
  ).toBe('python');
  // The browser itself writes a line for each file that did not come.
  expect(app.complaints.filter((each) => !/Failed to load resource/.test(each))).toEqual([]);
  app.complaints.splice(0);
});

test('editors whose language service does not come are written in all the same, and what is written counts', async ({ app }) => {
  const { page } = app;
  await page.addInitScript(withoutServiceWorker);
  await page.route(/\/(editor|json|ts)\.worker[^/]*\.js/, (route) => route.abort());
  await app.open('#/code/scripts');
  await page.getByRole('button', { name: 'New script' }).first().click();
  const editor = page.locator('.monaco-editor').getByRole('textbox').first();
  await editor.focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText("print('written');");
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('log', { name: 'Output' })).toContainText('written');
  await expect(editor).toBeVisible();
  // Monaco writes what it misses to the console, and has no other way to be told.
  expect(app.complaints.filter((each) => !/Failed to load resource|web worker|^warning: undefined$|^uncaught: Event$/.test(each))).toEqual(
    [],
  );
  app.complaints.splice(0);
});
