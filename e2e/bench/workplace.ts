/** What benchmarks work with: the built site, the bench's own pages, and browsers; each is there when first asked for. */
import { type Browser, chromium, type Page } from 'playwright';
import { chromiumArguments, findChromium } from '../../scripts/browser.mjs';
import { serve } from '../../scripts/serve.mjs';
import { builtSite } from './built-site.ts';
import { servePages } from './pages.ts';
import { openProduct } from './product.ts';

export interface Workplace {
  /** Of the product, under a sub-path. */
  siteUrl: string;
  /** Where the bench's own pages are, and folders of models below `models/`. */
  pagesUrl(): Promise<string>;
  browser: {
    version: string;
    /** The one that benchmarks share. */
    shared: Browser;
    /** One for measuring its memory, closed after `work`. */
    alone<T>(work: (browser: Browser) => Promise<T>): Promise<T>;
  };
  /** A page of the product in direct mode, with a model on WASM, cross-origin isolated; closed after `work`. */
  withProduct<T>(work: (page: Page) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Everything is measured at once, without waiting for idle time. */
const FLAGS = ['--enable-blink-features=ForceEagerMeasureMemory'];

export async function openWorkplace(dist: string | undefined): Promise<Workplace> {
  const site = await serve({ base: '/research/glassbox/', dir: builtSite(dist) });
  const { path } = await findChromium();
  const launch = () => chromium.launch({ executablePath: path, args: [...chromiumArguments, ...FLAGS] });
  const shared = await launch();
  let pages: ReturnType<typeof servePages> | null = null;
  return {
    siteUrl: site.url,
    pagesUrl: async () => (await (pages ??= servePages())).url,
    browser: {
      version: shared.version(),
      shared,
      async alone(work) {
        const browser = await launch();
        return work(browser).finally(() => browser.close());
      },
    },
    async withProduct(work) {
      const page = await openProduct(shared, site.url);
      return work(page).finally(() => page.context().close());
    },
    async close() {
      await shared.close();
      site.close();
      (await pages)?.close();
    },
  };
}
