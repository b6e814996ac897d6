/** Gives Monaco TypeScript's language service, and the service what a script can see. Import it lazily: the compiler is large. */
import { typescriptDefaults } from 'monaco-editor/languages/features/typescript/register';
// oxlint-disable-next-line import/default, import/no-named-as-default -- `?worker` makes the default export
import TypeScriptWorker from 'monaco-editor/language/typescript/ts.worker?worker';
import { monaco } from '../monaco/setup.ts';
import { COMPILER_OPTIONS, IGNORED_DIAGNOSTICS } from './compiler-options.ts';
import { editorLibrary } from './library.ts';

const { getWorker } = globalThis.MonacoEnvironment ?? {};
globalThis.MonacoEnvironment = {
  ...globalThis.MonacoEnvironment,
  getWorker: (id, label) => (label === 'typescript' || label === 'javascript' ? new TypeScriptWorker() : getWorker!(id, label)),
};

typescriptDefaults.setCompilerOptions(COMPILER_OPTIONS);
typescriptDefaults.setDiagnosticsOptions({ diagnosticCodesToIgnore: IGNORED_DIAGNOSTICS });
typescriptDefaults.setExtraLibs(Object.entries(editorLibrary()).map(([path, content]) => ({ content, filePath: `file:///${path}` })));

/** Beside the examples' declarations, so that they are in reach. */
export const scriptUri = (name: string, language: 'typescript' | 'python' = 'typescript') =>
  monaco.Uri.parse(`file:///examples/${encodeURIComponent(name)}.${language === 'python' ? 'py' : 'ts'}`);

export { monaco };
