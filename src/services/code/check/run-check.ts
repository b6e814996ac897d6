/** Inside the disposable worker: compiles a candidate, runs its cases one by one, and tells each thing as it is known. */
import type { CaseResult } from '../../../contract/index.ts';
import { changedBy, type Intrinsics } from '../../../environment/intrinsics.ts';
import { messageOf } from '../../../environment/thrown.ts';
import { ApiError } from '../../../contract/index.ts';
import { GraphError } from '../../../engine/graph/index.ts';
import { compileModule, instantiate } from '../compile-module.ts';
import type { CompiledModule } from '../compiled-module.ts';
import { compileScript } from '../compile-script.ts';
import type { PositionIn } from '../source-lines.ts';
import { type Position, positionFrom } from '../syntax.ts';
import { ALLOCATION_LIMIT } from './allocation-limit.ts';
import { type Case, CaseFailure } from './case.ts';
import { isScript, kindOf } from '../kinds/index.ts';
import type { CheckMessage, CheckRequest, Diagnostic } from './protocol.ts';

type Tell = (message: CheckMessage) => void;

/**
 * @param untouched the language's own objects as they were before any candidate
 * @param breathe lets messages go out between two cases
 */
export async function runCheck(request: CheckRequest, untouched: Intrinsics, tell: Tell, breathe: () => Promise<void>): Promise<void> {
  const { id, source, cases: names } = request;
  const module = await compiled(request, tell);
  if (module) {
    tell({ kind: 'starting', what: 'its top level' });
    await breathe();
    /** Puts back what it changed, before anything else runs on it. */
    const hasChanged = (who: string): boolean => {
      const message = changedBy(who, untouched.restore());
      if (message) tell({ kind: 'diagnostic', diagnostic: diagnosticAt('error', message, null) });
      return message !== null;
    };
    let positionIn: PositionIn = () => null;
    let exported: unknown;
    try {
      exported = (await instantiate(module, (found) => (positionIn = found))).default;
    } catch (error) {
      const changed = hasChanged('Its top level');
      for (const diagnostic of diagnosticsOf(error, positionIn, source)) tell({ kind: 'diagnostic', diagnostic });
      return tell({ kind: 'done', spent: changed });
    }
    if (hasChanged('Its top level')) return tell({ kind: 'done', spent: true });
    for (const each of kindOf(id)?.cases ?? []) {
      if (names && !names.includes(each.name)) continue;
      tell({ kind: 'starting', what: `the case “${each.name}”` });
      await breathe();
      await runCase(each, request, exported, positionIn, tell);
      if (hasChanged(`In the case “${each.name}” it`)) return tell({ kind: 'done', spent: true });
    }
  }
  tell({ kind: 'done', spent: module?.language === 'python' && (await isPythonSpent(tell)) });
}

/** Python's memory is one block that only grows: a candidate that made it large would do the same where it becomes active. */
async function isPythonSpent(tell: Tell): Promise<boolean> {
  const bytes = await (await import('../python/python-module.ts')).pythonBytes();
  if (bytes <= ALLOCATION_LIMIT) return false;
  const message = `Python holds ${Math.round(bytes / 2 ** 20)} MiB; a candidate may make it ${ALLOCATION_LIMIT / 2 ** 20} MiB.`;
  tell({ kind: 'diagnostic', diagnostic: diagnosticAt('error', message, null) });
  return true;
}

async function compiled({ id, source, language }: CheckRequest, tell: Tell): Promise<CompiledModule | null> {
  const start = performance.now();
  let module: CompiledModule | null = null;
  try {
    if (isScript(id)) await compileAsScript(source, language, id);
    else module = await compileModule(source, id, language);
  } catch (error) {
    for (const diagnostic of diagnosticsOf(error, () => null, source)) tell({ kind: 'diagnostic', diagnostic });
  }
  tell({ kind: 'compiled', module, compileMs: performance.now() - start });
  return module;
}

async function compileAsScript(source: string, language: CheckRequest['language'], id: string): Promise<void> {
  if (language === 'python') await (await import('../python/python-module.ts')).checkPython(source, id, 'script');
  else await compileScript(source, 'typescript', id, []);
}

async function runCase(
  each: Case,
  { id, model, source }: CheckRequest,
  exported: unknown,
  positionIn: PositionIn,
  tell: Tell,
): Promise<void> {
  const start = performance.now();
  const warn = (message: string, stack?: string) =>
    tell({ kind: 'diagnostic', diagnostic: diagnosticAt('warning', message, positionIn(stack)) });
  let failure: { error: unknown } | null = null;
  let actual: unknown = null;
  try {
    actual = await each.run(exported, model, warn);
  } catch (error) {
    failure = { error };
    for (const diagnostic of diagnosticsOf(error, positionIn, source)) tell({ kind: 'diagnostic', diagnostic });
  }
  const { expected, got } = failure ? differenceOf(failure.error) : { expected: undefined, got: actual };
  const result: CaseResult = {
    name: each.name,
    endpoint: `POST /code/test/${id}`,
    description: each.description,
    passed: failure === null,
    input: { id },
    ...(expected !== undefined && { expected }),
    actual: got,
    diff: failure ? [{ path: '', expected: expected ?? null, actual: got }] : [],
    rules: [],
    duration_ms: performance.now() - start,
  };
  tell({ kind: 'case', result });
}

function differenceOf(error: unknown): { expected: unknown; got: unknown } {
  if (error instanceof CaseFailure) return { expected: error.expected, got: error.got };
  if (error instanceof GraphError) return { expected: error.expected, got: error.got };
  return { expected: 'no error', got: textOf(error) };
}

const textOf = (error: unknown): string =>
  error instanceof CaseFailure || error instanceof GraphError || error instanceof ApiError
    ? error.message
    : error instanceof Error
      ? error.name === 'PythonError'
        ? error.message
        : `${error.name}: ${error.message}`
      : `Threw ${messageOf(error)}.`;

function diagnosticsOf(error: unknown, positionIn: PositionIn, source: string): Diagnostic[] {
  if (error instanceof ApiError && error.errors.length > 0) {
    return error.errors.map(({ path, message }) => diagnosticAt('error', message, positionFrom(path)));
  }
  const stack = error instanceof Error ? error.stack : undefined;
  // What a fragment returned is seen to be wrong after it has returned: its export is the nearest place.
  const position = positionIn(stack) ?? (error instanceof GraphError || error instanceof CaseFailure ? exportIn(source) : null);
  return [diagnosticAt('error', textOf(error), position, error instanceof GraphError ? 'GraphError' : null)];
}

function exportIn(source: string): Position | null {
  const lines = source.split('\n');
  const line = lines.findIndex((text) => /^\s*export\s+default\b|^def\s/.test(text));
  return line < 0 ? null : { line: line + 1, column: lines[line]!.search(/\S/) + 1 };
}

const diagnosticAt = (
  severity: Diagnostic['severity'],
  message: string,
  position: Position | null,
  code: string | null = null,
): Diagnostic => ({
  severity,
  message,
  line: position?.line ?? null,
  column: position?.column ?? null,
  end_line: null,
  end_column: null,
  code,
});
