/** Monaco ships the grammar of TypeScript without types of its own. */
declare module 'monaco-editor/languages/definitions/typescript/typescript' {
  import type { languages } from 'monaco-editor/editor';
  export const language: languages.IMonarchLanguage;
}
