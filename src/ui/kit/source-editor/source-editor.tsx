/** An editor of one source with real types: Monaco with its keys, marks and themes; what is written, and where, its callers say. */
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import { EDITOR_OPTIONS } from '../monaco/setup.ts';
import classes from './source-editor.module.css';
import { monaco } from './typescript.ts';

/** Of a character, both from one. */
export interface Place {
  line: number;
  column: number;
}

export interface SourceEditorHandle {
  /** Puts the cursor there and shows it. */
  reveal(place: Place): void;
}

export interface Mark extends Place {
  message: string;
  severity?: 'error' | 'warning' | 'info';
}

interface Props {
  /** Names the document: each has its own undo, and imports resolve from it. */
  uri: string;
  language: string;
  label: string;
  source: string;
  onChange: (source: string) => void;
  /** Control Enter. */
  onRun: () => void;
  /** Control S. */
  onSave?: () => void;
  /** Where something is wrong, marked in the text. */
  problems: readonly Mark[];
  ref?: Ref<SourceEditorHandle> | undefined;
}

/** Monaco's, for Tab to leave or to indent. */
const LEAVE_KEY = /Mac|iP(hone|ad)/.test(navigator.userAgent) ? '⌃⇧M' : 'Ctrl M';

const OWNER = 'glassbox-run';

const { Error: ERROR, Warning: WARNING, Info: INFO } = monaco.MarkerSeverity;
const SEVERITIES = { error: ERROR, warning: WARNING, info: INFO } as const;

export function SourceEditor({ uri, language, label, source, onChange, onRun, onSave, problems, ref }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(null);
  const theme = `glassbox-${useComputedColorScheme('light')}`;
  const latest = useRef({ source, label, onChange, onRun, onSave });
  useEffect(() => {
    latest.current = { source, label, onChange, onRun, onSave };
  });

  useEffect(() => {
    const instance = monaco.editor.create(host.current!, {
      ...EDITOR_OPTIONS,
      theme,
      model: null,
      ariaLabel: latest.current.label,
      quickSuggestions: { other: true, strings: true, comments: false },
      glyphMargin: false,
    });
    instance.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, () => latest.current.onRun());
    instance.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyS, () => latest.current.onSave?.());
    editor.current = instance;
    return () => instance.dispose();
    // The theme has an effect of its own.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);

  useEffect(() => {
    const model = monaco.editor.createModel(latest.current.source, language, monaco.Uri.parse(uri));
    editor.current?.setModel(model);
    const subscription = model.onDidChangeContent(() => latest.current.onChange(model.getValue()));
    return () => {
      subscription.dispose();
      model.dispose();
    };
  }, [uri, language]);

  // What changed elsewhere (an example put back as it was) comes in as one edit that can be undone.
  useEffect(() => {
    const model = editor.current?.getModel();
    if (model && model.getValue() !== source)
      model.pushEditOperations([], [{ range: model.getFullModelRange(), text: source }], () => null);
  }, [source]);

  useEffect(() => {
    const model = editor.current?.getModel();
    if (!model) return;
    monaco.editor.setModelMarkers(
      model,
      OWNER,
      problems.map(({ line, column, message, severity = 'error' }) => {
        const lineNumber = Math.min(Math.max(1, line), model.getLineCount());
        const word = model.getWordAtPosition({ lineNumber, column: Math.min(column, model.getLineMaxColumn(lineNumber)) });
        return {
          severity: SEVERITIES[severity],
          message,
          startLineNumber: lineNumber,
          startColumn: column,
          endLineNumber: lineNumber,
          endColumn: word?.endColumn ?? column + 1,
        };
      }),
    );
  }, [problems, uri, language]);

  useEffect(() => monaco.editor.setTheme(theme), [theme]);

  useImperativeHandle(ref, () => ({
    reveal({ line, column }) {
      editor.current?.revealLineInCenterIfOutsideViewport(line);
      editor.current?.setPosition({ lineNumber: line, column });
      editor.current?.focus();
    },
  }));

  return (
    <div className={classes.frame}>
      <div ref={host} className={classes.editor} />
      {/* The label of the editor says it to those who hear it. */}
      <p className={classes.leave} aria-hidden="true">
        <kbd>{LEAVE_KEY}</kbd>, then <kbd>Tab</kbd> leaves the editor
      </p>
    </div>
  );
}
