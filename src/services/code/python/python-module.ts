/** A fragment in Python as the function that the graph builder calls. It runs while the graph is built and never again, so it costs nothing at run time. */
import type { CompiledModule, Instance } from '../compiled-module.ts';
import { invalidCode } from '../syntax.ts';
import { loadPython } from './load-pyodide.ts';
import { Reach } from './reach.ts';

/** What a module in Python defines: `attention` for `model.attention`. */
const functionOf = (id: string): string => id.slice(id.indexOf('.') + 1);

/** Compiles, so that a syntax error is told with its place; gives a list [message, line, column], or nothing. */
const COMPILE = `
import ast
def glassbox_compile(source, name, is_script):
    try:
        compile(source, name, 'exec', ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if is_script else 0, dont_inherit=True)
    except SyntaxError as error:
        return [error.msg, error.lineno or 1, error.offset or 1]
glassbox_compile
`;

/**
 * In a script `await` may stand at the top level.
 * @throws ApiError code_invalid with line and column
 */
export async function checkPython(source: string, name: string, form: 'module' | 'script'): Promise<void> {
  const python = await loadPython();
  const compile = python.runPython(COMPILE) as (
    source: string,
    name: string,
    isScript: boolean,
  ) => { toJs(): [string, number, number] } | undefined;
  const problem = compile(source, name, form === 'script')?.toJs();
  if (problem) {
    const [message, line, column] = problem;
    throw invalidCode(name, [{ position: { line, column: Math.max(1, column) }, message }]);
  }
}

/** @throws ApiError code_invalid with line and column */
export async function compilePython(source: string, name: string): Promise<CompiledModule> {
  await checkPython(source, name, 'module');
  return { name, language: 'python', body: source, bindings: '', imports: [], lines: source.split('\n').length };
}

let instances = 0;

/** @throws ApiError code_invalid when it does not define what is to become active; what its top level throws */
export async function instantiatePython(
  { name, body, lines }: CompiledModule,
  starting?: (positionIn: Instance['positionIn']) => void,
): Promise<Instance> {
  const python = await loadPython();
  const filename = `glassbox_${name.replaceAll(/\W/g, '_')}_${++instances}.py`;
  const frame = new RegExp(`File "${filename}", line (\\d+)`, 'g');
  const positionIn: Instance['positionIn'] = (stack) => {
    const line = Number([...(stack ?? '').matchAll(frame)].at(-1)?.[1]);
    return line >= 1 && line <= lines ? { line, column: 1 } : null;
  };
  starting?.(positionIn);
  const globals = (python.globals.get('dict') as () => { get(name: string): unknown })();
  try {
    python.runPython(body, { globals: globals as never, filename });
  } catch (error) {
    throw inPython(error);
  }
  const wanted = functionOf(name);
  const define = globals.get(wanted);
  if (!(define instanceof python.ffi.PyCallable)) {
    throw invalidCode(name, [
      { position: null, message: `It must define the function \`${wanted}(g, inputs)\`: that is what becomes active.` },
    ]);
  }
  const reach = new Reach(python);
  const fragment = reach.unwrap(define) as (...args: unknown[]) => unknown;
  const exported = (...args: unknown[]): unknown => {
    reach.last.error = null;
    try {
      return fragment(...args);
    } catch (error) {
      throw inPython(error, reach.last.error);
    }
  };
  return { default: exported, positionIn };
}

/** Memory that Python holds in this worker, in bytes; it never gives any back. */
export async function pythonBytes(): Promise<number> {
  // Pyodide's types leave its Emscripten module out.
  // oxlint-disable-next-line no-underscore-dangle -- that is its name
  const { HEAPU8 } = ((await loadPython()) as unknown as { _module: { HEAPU8: Uint8Array } })._module;
  return HEAPU8.byteLength;
}

/** The error of the graph builder where there was one, else the last line of Python's; its stack is Python's, which names the lines. */
function inPython(thrown: unknown, cause: unknown = null): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const traceback = thrown.message;
  const isOurs = cause instanceof Error && traceback.includes(cause.message);
  const error = isOurs ? cause : new PythonFailure(traceback.trim().split('\n').at(-1) ?? traceback);
  error.stack = traceback;
  return error;
}

class PythonFailure extends Error {
  override readonly name = 'PythonError';
}
