/** The editor of scripts: TypeScript with the types of what a script can reach; loaded when the panel is first shown. */
import type { Ref } from 'react';
import type { Mark, SourceEditorHandle } from '../kit/source-editor/source-editor.tsx';
import { SourceEditor } from '../kit/source-editor/source-editor.tsx';
import { scriptUri } from '../kit/source-editor/typescript.ts';

export type ScriptEditorHandle = SourceEditorHandle;

export interface ScriptEditorProps {
  /** Names the document: each has its own undo. */
  id: string;
  source: string;
  onChange: (source: string) => void;
  onRun: () => void;
  /** Where the last run failed, marked in the text. */
  problems: readonly Mark[];
  ref?: Ref<ScriptEditorHandle>;
}

export default function ScriptEditor({ id, ref, ...props }: ScriptEditorProps) {
  return (
    <SourceEditor
      {...props}
      ref={ref}
      uri={scriptUri(id).toString()}
      language="typescript"
      label="Script. Control Enter runs it, Control M lets Tab leave the editor."
    />
  );
}
