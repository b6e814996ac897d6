/** Firefox over WebDriver BiDi, which it speaks itself: no driver beside it is needed (https://w3c.github.io/webdriver-bidi/). */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { Driver } from './driver.ts';
import { ended, lineOf } from './process.ts';
import { clickActions, pressActions, typeActions } from './w3c-actions.ts';

export type Preferences = Record<string, string | number | boolean>;

/** Nothing of its own: no first-run pages, no updates, no studies. */
const QUIET: Preferences = {
  'app.update.disabledForTesting': true,
  'app.normandy.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.getAddons.cache.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'remote.active-protocols': 1,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
};

const ANSWER_MS = 60_000;

interface LogEntry {
  level: 'debug' | 'info' | 'warn' | 'error';
  text: string;
  type: string;
  stackTrace?: { callFrames: { url: string; lineNumber: number }[] };
}

export async function launchFirefox(path: string, preferences: Preferences = {}): Promise<Driver> {
  const profile = await mkdtemp(join(tmpdir(), 'firefox-'));
  const lines = Object.entries({ ...QUIET, ...preferences }).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
  await writeFile(join(profile, 'user.js'), lines.join('\n'));
  const firefox = spawn(path, ['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', profile, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    const [, address] = await lineOf(firefox, firefox.stderr, /WebDriver BiDi listening on (ws:\S+)/);
    return await Firefox.connect(`${address}/session`, firefox, profile);
  } catch (error) {
    firefox.kill();
    throw error;
  }
}

class Firefox implements Driver {
  version = '';
  #context = '';
  #nextId = 1;
  readonly #waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();
  #complaints: string[] = [];

  private constructor(
    private readonly socket: WebSocket,
    private readonly process: ChildProcess,
    private readonly profile: string,
  ) {
    socket.on('message', (data: Buffer) => this.#receive(JSON.parse(data.toString('utf8')) as never));
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Firefox closed the connection.'));
    });
  }

  static async connect(address: string, process: ChildProcess, profile: string): Promise<Firefox> {
    const socket = new WebSocket(address, { maxPayload: 2 ** 28 });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const firefox = new Firefox(socket, process, profile);
    const { capabilities } = await firefox.#send<{ capabilities: { browserName: string; browserVersion: string } }>('session.new', {
      capabilities: {},
    });
    firefox.version = `${capabilities.browserName} ${capabilities.browserVersion}`;
    const { contexts } = await firefox.#send<{ contexts: { context: string }[] }>('browsingContext.getTree', { maxDepth: 0 });
    firefox.#context = contexts[0]!.context;
    await firefox.#send('session.subscribe', { events: ['log.entryAdded'] });
    return firefox;
  }

  goto(url: string): Promise<void> {
    return this.#send('browsingContext.navigate', { context: this.#context, url, wait: 'interactive' });
  }

  reload(): Promise<void> {
    return this.#send('browsingContext.reload', { context: this.#context, wait: 'interactive' });
  }

  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.#send<
      { type: 'success'; result: { value?: string } } | { type: 'exception'; exceptionDetails: { text: string } }
    >('script.evaluate', {
      expression: `(async () => JSON.stringify(await (${expression})))()`,
      target: { context: this.#context },
      awaitPromise: true,
    });
    if (answer.type === 'exception') throw new Error(answer.exceptionDetails.text);
    return answer.result.value === undefined ? undefined : JSON.parse(answer.result.value);
  }

  click = (at: { x: number; y: number }) => this.#act(clickActions(at));
  press = (keys: readonly string[]) => this.#act(pressActions(keys));
  type = (text: string) => this.#act(typeActions(text));

  resize(width: number, height: number): Promise<void> {
    return this.#send('browsingContext.setViewport', { context: this.#context, viewport: { width, height } });
  }

  async screenshot(): Promise<Buffer> {
    const { data } = await this.#send<{ data: string }>('browsingContext.captureScreenshot', { context: this.#context });
    return Buffer.from(data, 'base64');
  }

  async complaints(): Promise<string[]> {
    return this.#complaints.splice(0);
  }

  async close(): Promise<void> {
    await this.#send('browser.close', {}).catch(() => {});
    this.socket.close();
    await ended(this.process);
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #act(actions: object[]): Promise<void> {
    return this.#send('input.performActions', { context: this.#context, actions });
  }

  #send<T = void>(method: string, params: object): Promise<T> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`Firefox did not answer ${method} within ${ANSWER_MS / 1000} s.`)), ANSWER_MS);
      const settled =
        <V>(settle: (value: V) => void) =>
        (value: V) => {
          clearTimeout(timer);
          settle(value);
        };
      this.#waiting.set(id, { resolve: settled(resolve), reject: settled(reject) });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  #receive(message: { id?: number; type: string; result?: never; error?: string; message?: string; method?: string; params?: LogEntry }) {
    if (message.type === 'event') {
      if (message.method === 'log.entryAdded') this.#log(message.params!);
      return;
    }
    const waiting = this.#waiting.get(message.id ?? 0);
    this.#waiting.delete(message.id ?? 0);
    if (message.type === 'success') waiting?.resolve(message.result!);
    else waiting?.reject(new Error(`${message.error}: ${message.message}`));
  }

  #log({ level, text, stackTrace }: LogEntry) {
    if (level !== 'warn' && level !== 'error') return;
    const frame = stackTrace?.callFrames[0];
    this.#complaints.push(`${level}: ${text}${frame ? ` (${frame.url}:${frame.lineNumber})` : ''}`);
  }
}
