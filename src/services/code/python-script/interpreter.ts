/** A Python for scripts: with the package `glassbox` in it, giving way to the worker, and given up when a script ended it or filled its memory. */
import type { PyodideAPI } from 'pyodide';
import { newPython } from '../python/load-pyodide.ts';
import { Turns } from './turns.ts';
import type { ScriptHost } from './script-host.ts';

/** Memory of WebAssembly is never given back: an interpreter with more than this is let go of, as a whole, when nothing runs in it. */
const MAX_KEPT_BYTES = 384 * 2 ** 20;

/** A run in Python, as `page.py` has it. */
export interface PythonRun {
  outcome(): Promise<string>;
  stop(): void;
  destroy(): void;
}

type Start = (host: ScriptHost, source: string, filename: string) => PythonRun;

/** Pyodide's types leave these out. */
interface Inner {
  _api: { on_fatal?: (error: unknown) => void };
  _module: { HEAPU8: Uint8Array };
}

export class Interpreter {
  readonly turns = new Turns();
  /** Settles, with why, when the interpreter has ended. */
  readonly ended: Promise<string>;
  isEnded = false;

  private constructor(
    readonly python: PyodideAPI,
    private readonly startRun: Start,
    ended: Promise<string>,
  ) {
    this.ended = ended.then((why) => {
      this.isEnded = true;
      this.turns.close();
      lastEndMs = performance.now();
      return why;
    });
    python.setInterruptBuffer(this.turns.buffer);
  }

  static async load(): Promise<Interpreter> {
    const python = await newPython();
    // oxlint-disable-next-line no-underscore-dangle -- its name
    const ended = new Promise<string>((resolve) => (inner(python)._api.on_fatal = (error) => resolve(whyEnded(error))));
    quietAboutEnds();
    const start = python.runPython('from glassbox.page import install\ninstall()') as Start;
    return new Interpreter(python, start, ended);
  }

  /** More memory is held than is worth keeping. */
  get isBloated(): boolean {
    // oxlint-disable-next-line no-underscore-dangle -- its name
    return inner(this.python)._module.HEAPU8.byteLength > MAX_KEPT_BYTES;
  }

  start(host: ScriptHost, source: string, filename: string): PythonRun {
    return this.startRun(host, source, filename);
  }
}

/** In so long, what an interpreter still tries fails too. */
const DYING_MS = 2000;
let isQuiet = false;
let lastEndMs = -Infinity;

/** What ends an interpreter is told to whoever runs a script in it; that a promise of Pyodide's fails with it says nothing more. */
function quietAboutEnds(): void {
  if (isQuiet || typeof addEventListener !== 'function') return;
  isQuiet = true;
  addEventListener('unhandledrejection', (event) => {
    const { reason } = event as PromiseRejectionEvent;
    const isFatal = reason instanceof Error && 'pyodide_fatal_error' in reason;
    if (isFatal || performance.now() - lastEndMs < DYING_MS) event.preventDefault();
  });
}

const inner = (python: PyodideAPI): Inner => python as unknown as Inner;

function whyEnded(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const deep = /call stack|too much recursion/i.test(text);
  return deep
    ? 'RecursionError: it went deeper than the browser’s stack, through code that is not Python’s own (such as `repr` of an object that asks for its own `repr`)'
    : `Python’s interpreter ended: ${text}`;
}
