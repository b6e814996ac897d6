/** The editor of a code resource: TypeScript against the engine's own types, Python and WGSL with colours; loaded when first shown. */
import 'monaco-editor/languages/definitions/python/register';
import 'monaco-editor/languages/definitions/wgsl/register';
import { typescriptDefaults } from 'monaco-editor/languages/features/typescript/register';
import type { Ref } from 'react';
import { type Mark, SourceEditor, type SourceEditorHandle } from '../../kit/source-editor/source-editor.tsx';
import type { Language } from '../../kit/code/resource-queries.ts';
import { draftPath, fragmentLibrary } from './fragment-library.ts';

for (const [path, content] of Object.entries(fragmentLibrary())) typescriptDefaults.addExtraLib(content, `file:///${path}`);

interface Props {
  id: string;
  language: Language;
  source: string;
  onChange: (source: string) => void;
  onApply: () => void;
  problems: readonly Mark[];
  ref?: Ref<SourceEditorHandle>;
}

export default function PatchEditor({ id, language, onApply, ref, ...props }: Props) {
  return (
    <SourceEditor
      {...props}
      ref={ref}
      uri={`file:///${draftPath(id, language)}`}
      language={language}
      onRun={onApply}
      onSave={onApply}
      label={`Source of ${id}. Control Enter or Control S applies it, Control M lets Tab leave the editor.`}
    />
  );
}
