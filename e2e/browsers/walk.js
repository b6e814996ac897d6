// Goes through the views by itself, in a page that no driver holds, and says when it is through.
/** @type {{ views: string[], loads: number }} */
const { views, loads } = JSON.parse(/** @type {HTMLScriptElement} */ (document.currentScript).dataset['walk'] ?? '');

const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

addEventListener('load', async () => {
  while (!globalThis.glassbox) await pause(50);
  await globalThis.glassbox.ready;
  const load = Number(sessionStorage.getItem('walk') ?? 0) + 1;
  sessionStorage.setItem('walk', `${load}`);
  for (const view of load === 1 ? views : []) {
    location.hash = `#/${view}`;
    await pause(300);
    while (document.querySelector('main [role=status][aria-label^=Loading]')) await pause(50);
    await pause(300);
  }
  const { client } = globalThis.glassbox;
  for (const restful of [true, false]) {
    client.enableRestfulMode(restful);
    await client.post('tokenizer', 'tokenize', { text: 'Once' });
    for await (const _ of client.stream('model', 'generate', { prompt: 'Once', max_new_tokens: 4 }));
  }
  // A load that is cut off is an error to WebKit, and the service worker's own file is looked at anew after each start.
  await (await navigator.serviceWorker.ready).update();
  console.info(`walk ${load} of ${loads}, ${client.health.restful}`);
  if (load < loads) location.reload();
});
