/** WebKitGTK over WebDriver, by its own driver (https://w3c.github.io/webdriver/), on a screen that nobody sees. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { Driver } from './driver.ts';
import { ended, lineOf } from './process.ts';
import { clickActions, pressActions, typeActions } from './w3c-actions.ts';

const SCREEN = '1400x1000x24';

export interface WebKitPaths {
  path: string;
  xvfb: string;
}

/** A display in memory; WebKitGTK has no headless mode. */
export async function startScreen(xvfb: string): Promise<{ display: string; close(): Promise<void> }> {
  const screen = spawn(xvfb, ['-displayfd', '1', '-screen', '0', SCREEN, '-nolisten', 'tcp'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [, number] = await lineOf(screen, screen.stdout, /^(\d+)\n/);
  const close = () => {
    screen.kill();
    return ended(screen);
  };
  return { display: `:${number}`, close };
}

export async function launchWebKit({ path, xvfb }: WebKitPaths): Promise<Driver> {
  const screen = await startScreen(xvfb);
  const port = await freePort();
  const child = spawn(path, [`--port=${port}`], { stdio: 'ignore', env: { ...process.env, DISPLAY: screen.display } });
  try {
    return await WebKit.connect(`http://127.0.0.1:${port}`, child, screen);
  } catch (error) {
    child.kill();
    await screen.close();
    throw error;
  }
}

const READY_MS = 30_000;
const LOAD_MS = 60_000;
const SCRIPT_MS = 120_000;

class WebKit implements Driver {
  readonly version: string;

  private constructor(
    private readonly session: string,
    { browserName, browserVersion }: { browserName: string; browserVersion: string },
    private readonly process: ChildProcess,
    private readonly screen: { close(): Promise<void> },
  ) {
    this.version = `WebKitGTK ${browserVersion} (${browserName})`;
  }

  static async connect(address: string, process: ChildProcess, screen: { close(): Promise<void> }): Promise<WebKit> {
    for (const end = Date.now() + READY_MS; ; await pause(50)) {
      const ready = await fetch(`${address}/status`).then(
        (response) => response.ok,
        () => false,
      );
      if (ready) break;
      if (Date.now() > end) throw new Error(`${process.spawnfile} does not answer at ${address}.`);
    }
    // This driver's own waiting may never end, for a navigation to another hash and with much to do for the machine.
    const created = await call<{ sessionId: string; capabilities: { browserName: string; browserVersion: string } }>(
      'POST',
      `${address}/session`,
      { capabilities: { alwaysMatch: { pageLoadStrategy: 'none' } } },
    );
    const webkit = new WebKit(`${address}/session/${created.sessionId}`, created.capabilities, process, screen);
    await webkit.#post('timeouts', { script: SCRIPT_MS });
    return webkit;
  }

  goto = (url: string) => this.#navigate('url', { url });
  reload = () => this.#navigate('refresh', {});

  async evaluate(expression: string): Promise<unknown> {
    const script = `const done = arguments[0];
      (async () => JSON.stringify(await (${expression})))().then(
        (value) => done({ value }), (error) => done({ error: \`\${error}\\n\${error?.stack ?? ''}\` }));`;
    const { value, error } = await this.#post<{ value?: string; error?: string }>('execute/async', { script, args: [] });
    if (error !== undefined) throw new Error(error);
    return value === undefined ? undefined : JSON.parse(value);
  }

  click = (at: { x: number; y: number }) => this.#act(clickActions(at));
  press = (keys: readonly string[]) => this.#act(pressActions(keys));
  type = (text: string) => this.#act(typeActions(text));

  /** A window has a frame and a toolbar: what they take is asked for on top. */
  async resize(width: number, height: number): Promise<void> {
    await this.#post('window/rect', { x: 0, y: 0, width, height });
    await pause(300);
    const [innerWidth, innerHeight] = (await this.evaluate('[innerWidth, innerHeight]')) as [number, number];
    if (innerWidth === width && innerHeight === height) return;
    await this.#post('window/rect', { x: 0, y: 0, width: 2 * width - innerWidth, height: 2 * height - innerHeight });
    await pause(300);
  }

  async screenshot(): Promise<Buffer> {
    return Buffer.from(await call<string>('GET', `${this.session}/screenshot`), 'base64');
  }

  async complaints(): Promise<string[]> {
    return (await this.evaluate('globalThis.recordedComplaints?.splice(0) ?? []')) as string[];
  }

  async close(): Promise<void> {
    await call('DELETE', this.session).catch(() => {});
    this.process.kill();
    await ended(this.process);
    await this.screen.close();
  }

  async #navigate(command: 'url' | 'refresh', body: object): Promise<void> {
    await this.evaluate('void (globalThis.isLeft = true)');
    await this.#post(command, body);
    for (const end = Date.now() + LOAD_MS; ; await pause(50)) {
      // While one document takes the place of the other there is none to ask.
      const isThere = await this.evaluate('!globalThis.isLeft && document.readyState !== "loading"').catch(() => false);
      if (isThere) return this.#listen();
      if (Date.now() > end) throw new Error(`The page did not load within ${LOAD_MS / 1000} s.`);
    }
  }

  /** This protocol has no console: the page's own is listened to. What the browser itself writes is heard in `console.spec.ts`. */
  async #listen(): Promise<void> {
    await this.evaluate(`(${record.toString()})()`);
  }

  #act(actions: object[]): Promise<void> {
    return this.#post('actions', { actions });
  }

  #post<T = void>(command: string, body: object): Promise<T> {
    return call<T>('POST', `${this.session}/${command}`, body);
  }
}

function record() {
  const page = globalThis as typeof globalThis & { recordedComplaints?: string[] };
  if (page.recordedComplaints) return;
  const list: string[] = (page.recordedComplaints = []);
  for (const level of ['warn', 'error'] as const) {
    const original = console[level];
    console[level] = (...values: unknown[]) => {
      list.push(`${level}: ${values.join(' ')}`);
      original(...values);
    };
  }
  addEventListener('error', ({ message }) => list.push(`uncaught: ${message}`));
  addEventListener('unhandledrejection', ({ reason }) => list.push(`uncaught: ${reason}`));
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    list.push(`refused by ${violatedDirective}: ${blockedURI}`),
  );
}

async function call<T>(method: string, url: string, body?: object): Promise<T> {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname.split('/').slice(3).join('/')}: ${value.error}: ${value.message}`);
  return value;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
