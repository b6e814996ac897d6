/** The one place where Monaco is set up: its workers, the languages we need and no others, its two themes. Import it lazily. */
import * as monaco from 'monaco-editor/editor';
import 'monaco-editor/features/register.all';
import 'monaco-editor/languages/definitions/typescript/register';
import { jsonDefaults } from 'monaco-editor/languages/features/json/register';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import JsonWorker from 'monaco-editor/language/json/json.worker?worker';
import type { JsonSchema } from '../json/json-schema.ts';
import { MONOSPACE } from '../theme.ts';

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => (label === 'json' ? new JsonWorker() : new EditorWorker()),
};

const common = { inherit: true } as const;

monaco.editor.defineTheme('glassbox-light', {
  ...common,
  base: 'vs',
  rules: [
    { token: 'string.key.json', foreground: '0b5f8a' },
    { token: 'string.value.json', foreground: '14693b' },
    { token: 'string', foreground: '14693b' },
    { token: 'number', foreground: '9a4f05' },
    { token: 'keyword', foreground: '7a3aa8' },
    { token: 'comment', foreground: '64726f' },
    { token: 'delimiter', foreground: '5a6865' },
    { token: 'variable.predefined', foreground: '0b5f8a' },
    { token: 'annotation', foreground: '5a6865' },
  ],
  colors: {
    'editor.background': '#ffffff',
    'editor.foreground': '#13201e',
    'editorLineNumber.foreground': '#6e7c79',
    'editorLineNumber.activeForeground': '#13201e',
    'editor.lineHighlightBackground': '#f3f7f6',
    'editor.lineHighlightBorder': '#00000000',
    'editor.selectionBackground': '#bfe3de',
    'editorCursor.foreground': '#0b6660',
    focusBorder: '#0b6660',
    'editorWidget.background': '#ffffff',
    'editorWidget.border': '#c2ccca',
    'editorSuggestWidget.selectedBackground': '#dcefec',
    'editorSuggestWidget.selectedForeground': '#13201e',
  },
});

monaco.editor.defineTheme('glassbox-dark', {
  ...common,
  base: 'vs-dark',
  rules: [
    { token: 'string.key.json', foreground: '7cc4ec' },
    { token: 'string.value.json', foreground: '7fd3a0' },
    { token: 'string', foreground: '7fd3a0' },
    { token: 'number', foreground: 'efab5b' },
    { token: 'keyword', foreground: 'cf9df2' },
    { token: 'keyword.json', foreground: 'cf9df2' },
    { token: 'comment', foreground: '82918d' },
    { token: 'delimiter', foreground: '8b9a96' },
    { token: 'variable.predefined', foreground: '7cc4ec' },
    { token: 'annotation', foreground: '8b9a96' },
  ],
  colors: {
    'editor.background': '#121817',
    'editor.foreground': '#e2e9e7',
    'editorLineNumber.foreground': '#73827e',
    'editorLineNumber.activeForeground': '#e2e9e7',
    'editor.lineHighlightBackground': '#182120',
    'editor.lineHighlightBorder': '#00000000',
    'editor.selectionBackground': '#1f4b46',
    'editorCursor.foreground': '#62cabf',
    focusBorder: '#62cabf',
    'editorWidget.background': '#18201e',
    'editorWidget.border': '#36423f',
    'editorSuggestWidget.selectedBackground': '#16312e',
    'editorSuggestWidget.selectedForeground': '#e2e9e7',
  },
});

export const EDITOR_OPTIONS: monaco.editor.IStandaloneEditorConstructionOptions = {
  acceptSuggestionOnCommitCharacter: false,
  automaticLayout: true,
  fontFamily: MONOSPACE,
  fontSize: 12.5,
  lineHeight: 20,
  fontLigatures: false,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  overviewRulerLanes: 0,
  hideCursorInOverviewRuler: true,
  lineNumbersMinChars: 3,
  lineDecorationsWidth: 6,
  folding: true,
  glyphMargin: false,
  padding: { top: 8, bottom: 8 },
  renderLineHighlight: 'line',
  roundedSelection: false,
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, alwaysConsumeMouseWheel: false },
  stickyScroll: { enabled: false },
  fixedOverflowWidgets: true,
  tabSize: 2,
  wordWrap: 'on',
};

const schemas = new Map<string, JsonSchema>();

/** Completion and validation for the JSON models at this address. */
export function setJsonSchema(modelUri: string, schema: JsonSchema): void {
  if (schemas.get(modelUri) === schema) return;
  schemas.set(modelUri, schema);
  jsonDefaults.setDiagnosticsOptions({
    validate: true,
    allowComments: false,
    enableSchemaRequest: false,
    schemaValidation: 'warning',
    schemas: Array.from(schemas, ([uri, each]) => ({ uri: `${uri}.schema`, fileMatch: [uri], schema: each })),
  });
}

export { monaco };
