/** Two versions of a source side by side, or one above the other where it is narrow; loaded when first shown. */
import 'monaco-editor/languages/definitions/python/register';
import 'monaco-editor/languages/definitions/wgsl/register';
import { language as typescript } from 'monaco-editor/languages/definitions/typescript/typescript';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { EDITOR_OPTIONS } from '../../kit/monaco/setup.ts';
import { monaco } from '../../kit/source-editor/typescript.ts';
import type { Language } from '../../kit/code/resource-queries.ts';
import classes from '../code.module.css';

/** Colours without a language service: versions that come and go are nothing to check. */
const QUIET = 'typescript-to-read';
monaco.languages.register({ id: QUIET });
monaco.languages.setMonarchTokensProvider(QUIET, typescript);

interface Props {
  original: string;
  modified: string;
  language: Language;
}

export default function CompareEditor({ original, modified, language }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneDiffEditor>(null);
  const theme = `glassbox-${useComputedColorScheme('light')}`;

  useEffect(() => {
    const instance = monaco.editor.createDiffEditor(host.current!, {
      ...EDITOR_OPTIONS,
      readOnly: true,
      originalEditable: false,
      renderSideBySideInlineBreakpoint: 760,
      hideUnchangedRegions: { enabled: true },
      renderOverviewRuler: false,
      originalAriaLabel: 'The older version',
      modifiedAriaLabel: 'Your draft',
      // The keyboard must not be caught in what can only be read.
      tabFocusMode: true,
    });
    editor.current = instance;
    return () => {
      editor.current = null;
      instance.dispose();
    };
  }, []);

  useEffect(() => {
    const coloured = language === 'typescript' ? QUIET : language;
    const model = {
      original: monaco.editor.createModel(original, coloured),
      modified: monaco.editor.createModel(modified, coloured),
    };
    editor.current?.setModel(model);
    return () => {
      // Before its models go; an editor that has gone itself holds none.
      editor.current?.setModel(null);
      model.original.dispose();
      model.modified.dispose();
    };
  }, [original, modified, language]);

  useEffect(() => monaco.editor.setTheme(theme), [theme]);

  return <div ref={host} className={classes.fill} />;
}
