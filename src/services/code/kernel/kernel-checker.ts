/** Checks candidates in WGSL: compiler, bindings, and every case on a GPU device that serves nothing else. */
import { ApiError, type CaseResult } from '../../../contract/index.ts';
import type { ShaderDefinition } from '../../computation/kernel-definition.ts';
import { ShaderError } from '../../../ports/shaders.ts';
import type { CheckOutcome, Diagnostic } from '../check/protocol.ts';
import { kernelTrials, type KernelTrial } from './kernel-cases.ts';
import { KernelFailure, tryKernel } from './kernel-trial.ts';
import type { CompilerMessage, ShaderBench } from '../../../ports/shaders.ts';

/** Characters: what watches a shader reads it in the worker that serves. */
const MAX_SOURCE = 64 * 1024;
/** Of the time limit, kept for answering. */
const ANSWER_SHARE = 0.1;

export class KernelChecker {
  constructor(private readonly bench: ShaderBench) {}

  /**
   * @param cases names of those to run; `null`: all
   * @throws ApiError conflict where there is no adapter to check with, cancelled when the caller goes; whatever a candidate does is in the outcome
   */
  async check(
    kernel: ShaderDefinition,
    source: string,
    cases: readonly string[] | null,
    limitMs: number,
    signal?: AbortSignal,
  ): Promise<CheckOutcome> {
    await this.#requireGpu(kernel);
    const start = performance.now();
    const remainingMs = () => limitMs * (1 - ANSWER_SHARE) - (performance.now() - start);
    const outcome: CheckOutcome = { diagnostics: [], cases: [], module: null, compileMs: 0, testMs: 0 };
    const stop = (doing: string) =>
      outcome.diagnostics.push(
        problem(`It was stopped in ${doing}, after ${Math.round(limitMs * (1 - ANSWER_SHARE))} ms: time_limit_ms is ${limitMs}.`),
      );
    if (source.length > MAX_SOURCE) {
      outcome.diagnostics.push(problem(`A kernel may have ${MAX_SOURCE} characters; this one has ${source.length}.`));
      return outcome;
    }
    const messages = await within(this.bench.compile(source), remainingMs());
    outcome.compileMs = performance.now() - start;
    if (messages === LATE) stop('compiling');
    else outcome.diagnostics.push(...messages.map(diagnosticOf));
    if (outcome.diagnostics.some(({ severity }) => severity === 'error')) return outcome;
    for (const trial of kernelTrials(kernel)) {
      if (cases && !cases.includes(trial.name)) continue;
      if (signal?.aborted) throw new ApiError('cancelled', 'The caller cancelled the check; nothing was changed.');
      const result = await within(this.#case(kernel, source, trial, remainingMs, outcome.diagnostics), remainingMs());
      if (result === LATE) stop(`the case “${trial.name}”`);
      else outcome.cases.push(result);
      // What does not end once is not begun again.
      if (result === LATE || remainingMs() <= 0) break;
    }
    outcome.testMs = performance.now() - start - outcome.compileMs;
    return outcome;
  }

  async #requireGpu({ resourceId }: ShaderDefinition): Promise<void> {
    const gpu = await this.bench.gpu();
    if (typeof gpu !== 'string') return;
    throw new ApiError(
      'conflict',
      `${resourceId} can't be checked here, so nothing was changed: ${gpu} A shader is compiled and tried on a WebGPU adapter before it becomes active. ` +
        'Turn on hardware acceleration in the browser’s settings, or start Chromium with --enable-unsafe-webgpu, which brings a software adapter.',
    );
  }

  async #case(
    kernel: ShaderDefinition,
    source: string,
    { name, description, call }: KernelTrial,
    remainingMs: () => number,
    diagnostics: Diagnostic[],
  ): Promise<CaseResult> {
    const start = performance.now();
    const result: CaseResult = {
      ...{ name, description, endpoint: `POST /code/test/${kernel.resourceId}` },
      ...{ passed: true, input: { sizes: call.sizes, parameters: call.parameters } },
      ...{ actual: null, diff: [], rules: [], duration_ms: 0 },
    };
    try {
      const { max_abs_error, unused } = await tryKernel({ kernel, source, call, bench: this.bench, remainingMs });
      result.actual = { max_abs_error };
      for (const { line, column } of unused) {
        const message = 'This reads beyond the end of its binding, where the device moves it inside; the outputs do not depend on it.';
        if (!diagnostics.some((each) => each.line === line && each.message === message))
          diagnostics.push({ ...problem(message, { line, column }), severity: 'warning' });
      }
    } catch (error) {
      if (!(error instanceof KernelFailure) && !(error instanceof ShaderError)) throw error;
      const [expected, actual] = error instanceof KernelFailure ? [error.expected, error.got] : ['no error', error.message];
      Object.assign(result, { passed: false, expected, actual, diff: [{ path: '', expected, actual }] });
      const place = error instanceof KernelFailure ? error.place : null;
      // What has a place, or is about the bindings, is the same in every case.
      const message = place || error instanceof ShaderError ? error.message : `The case “${name}”: ${error.message}`;
      if (!diagnostics.some((each) => each.message === message)) diagnostics.push(problem(message, place));
    }
    result.duration_ms = performance.now() - start;
    return result;
  }
}

const LATE = Symbol('late');

/** What a promise gives, or that it took too long; it is not waited for then. */
function within<T>(work: Promise<T>, ms: number): Promise<T | typeof LATE> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<typeof LATE>((resolve) => (timer = setTimeout(() => resolve(LATE), Math.max(0, ms))));
  work.catch(() => {});
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

const problem = (message: string, place: { line: number; column: number } | null = null): Diagnostic => ({
  ...{ severity: 'error', message, line: place?.line ?? null, column: place?.column ?? null },
  ...{ end_line: null, end_column: null, code: null },
});

/** Line 0 is none. */
const diagnosticOf = ({ severity, message, line, column, length }: CompilerMessage): Diagnostic => ({
  ...problem(message, line > 0 ? { line, column: Math.max(1, column) } : null),
  severity,
  ...(line > 0 && length > 0 && { end_line: line, end_column: Math.max(1, column) + length }),
});
