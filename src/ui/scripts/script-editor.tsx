/** The editor of scripts: TypeScript and Python with the types of what a script can reach; loaded when the panel is first shown. */
import 'monaco-editor/languages/definitions/python/register';
import type { Ref } from 'react';
import type { Mark, SourceEditorHandle } from '../kit/source-editor/source-editor.tsx';
import { SourceEditor } from '../kit/source-editor/source-editor.tsx';
import type { Language } from './catalogue.ts';
import '../kit/source-editor/python.ts';
import { scriptUri } from '../kit/source-editor/typescript.ts';

export type ScriptEditorHandle = SourceEditorHandle;

export interface ScriptEditorProps {
  /** Names the document: each has its own undo. */
  id: string;
  source: string;
  language: Language;
  onChange: (source: string) => void;
  onRun: () => void;
  /** Where the last run failed, marked in the text. */
  problems: readonly Mark[];
  ref?: Ref<ScriptEditorHandle>;
}

export default function ScriptEditor({ id, language, ref, ...props }: ScriptEditorProps) {
  return (
    <SourceEditor
      {...props}
      ref={ref}
      uri={scriptUri(id, language).toString()}
      language={language}
      label="Script. Control Enter runs it, Control M lets Tab leave the editor."
    />
  );
}
