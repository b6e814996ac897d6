/** A tab of the workbench as a person has it, in whichever browser: open, read, click by role and name, type, wait. */
import { expect } from '@playwright/test';
import { SITE_URL } from '../server.ts';
import type { Driver, Key } from './driver.ts';
import { findInPage, type Role } from './find.ts';

const PATIENCE_MS = 30_000;
/** A click between two frames of an animation goes astray. */
const SETTLE_MS = 60;
const QUESTION_MS = 1000;

interface Where {
  /** A selector of what it is in. */
  within?: string;
  /** Which of those that match; -1 is the last. */
  nth?: number;
}

export class Tab {
  constructor(readonly driver: Driver) {}

  /** Opens a view and waits for services and default model. */
  async open(hash: string, site = SITE_URL): Promise<void> {
    if ((await this.evaluate(() => location.href.replace(/#.*/, ''))) === site) await this.go(hash);
    else await this.driver.goto(site + hash);
    await this.#ready();
  }

  async reload(): Promise<void> {
    await this.driver.reload();
    await this.#ready();
  }

  /** Another view without a load. */
  async go(hash: string): Promise<void> {
    await this.evaluate((to) => void (location.hash = to), hash);
  }

  /** Calls a function in the page; it may use its arguments and the page's globals, and what it gives passes as JSON. */
  async evaluate<A extends unknown[], R>(work: (...given: A) => R | Promise<R>, ...given: A): Promise<R> {
    return (await this.driver.evaluate(`(${work.toString()})(...${JSON.stringify(given)})`)) as R;
  }

  async click(role: Role, name: RegExp, { within = 'body', nth = 0 }: Where = {}): Promise<void> {
    const look = () => this.evaluate(findInPage, { role, name: name.source, nth, within });
    let last = await look();
    for (const end = Date.now() + PATIENCE_MS; ;) {
      await pause(SETTLE_MS);
      const now = await look();
      if (typeof now !== 'string' && typeof last !== 'string' && now.x === last.x && now.y === last.y) return this.driver.click(now);
      if (Date.now() > end) throw new Error(`Can't click ${role} ${name} in ${within}: ${typeof now === 'string' ? now : 'it moves'}`);
      last = now;
    }
  }

  /** Puts a text in the place of what a field holds. */
  async fill(name: RegExp, text: string, where: Where = {}): Promise<void> {
    await this.click('textbox', name, where);
    await this.driver.press(['Control', 'a']);
    await this.driver.type(text);
  }

  /** Puts a text in the place of what the code editor holds. */
  async write(code: string): Promise<void> {
    const line = await this.evaluate(async () => {
      let found: Element | null = null;
      while (!(found = document.querySelector('.monaco-editor .view-line'))) await new Promise((resolve) => setTimeout(resolve, 50));
      const { x, y, height } = found.getBoundingClientRect();
      return { x: x + 10, y: y + height / 2 };
    });
    await this.driver.click(line);
    await this.driver.press(['Control', 'a']);
    await this.driver.type(code);
  }

  press(...keys: Key[]): Promise<void> {
    return this.driver.press(keys);
  }

  text(selector = 'body'): Promise<string> {
    return this.evaluate(
      (of) =>
        Array.from(document.querySelectorAll<HTMLElement>(of))
          .map((each) => each.innerText)
          .join('\n'),
      selector,
    );
  }

  async expectText(pattern: RegExp, selector = 'body'): Promise<void> {
    await expect.poll(() => this.text(selector), { message: `${selector} shows ${pattern}`, timeout: PATIENCE_MS }).toMatch(pattern);
  }

  /** Asked in short questions: one to a page that is being replaced (a load that isolates it is) never has an answer. */
  async #ready(): Promise<void> {
    const ask = () =>
      this.evaluate((patience) => {
        if (!('glassbox' in globalThis)) return 'The page did not start.';
        const late = new Promise<string>((resolve) => setTimeout(() => resolve('It is not ready.'), patience));
        return Promise.race([globalThis.glassbox.ready.then(() => null, String), late]);
      }, QUESTION_MS);
    for (const end = Date.now() + 2 * PATIENCE_MS; ;) {
      const state = await Promise.race([ask(), pause(3 * QUESTION_MS).then(() => 'The page does not answer.')]).catch(String);
      if (state === null) return;
      if (Date.now() > end) throw new Error(`Services and default model are not ready: ${state}`);
      await pause(SETTLE_MS);
    }
  }
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
