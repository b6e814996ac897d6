/** A JSON editor that knows the schema of what is written; loaded when first shown. */
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { JsonSchema } from '../json/json-schema.ts';
import classes from './json-editor.module.css';
import { EDITOR_OPTIONS, monaco, setJsonSchema } from './setup.ts';

export interface JsonEditorProps {
  /** Names the model, so that each document has its own undo and schema. */
  path: string;
  text: string;
  onChange: (text: string) => void;
  schema: JsonSchema;
  label: string;
}

export default function JsonEditor({ path, text, onChange, schema, label }: JsonEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(null);
  const latest = useRef(onChange);
  const theme = `glassbox-${useComputedColorScheme('light')}`;
  const first = useRef({ text, label });
  /** Texts that the editor gave out and React has not brought back yet: fast typing is ahead of rendering. */
  const echoes = useRef<string[]>([]);

  useEffect(() => {
    latest.current = onChange;
  }, [onChange]);

  useEffect(() => {
    const uri = monaco.Uri.parse(`inmemory://glassbox/${path}.json`);
    setJsonSchema(uri.toString(), schema);
    const model = monaco.editor.getModel(uri) ?? monaco.editor.createModel(first.current.text, 'json', uri);
    const instance = monaco.editor.create(host.current!, {
      ...EDITOR_OPTIONS,
      model,
      ariaLabel: `${first.current.label}. Control Enter sends.`,
      // Tab leaves the editor: the keyboard must not be caught in it.
      tabFocusMode: true,
    });
    editor.current = instance;
    const subscription = model.onDidChangeContent(() => {
      const value = model.getValue();
      echoes.current.push(value);
      latest.current(value);
    });
    return () => {
      subscription.dispose();
      instance.dispose();
      model.dispose();
    };
  }, [path, schema]);

  // What changed elsewhere (the form, an example) comes in as one edit that can be undone.
  useEffect(() => {
    const echo = echoes.current.indexOf(text);
    if (echo >= 0) {
      echoes.current.splice(0, echo + 1);
      return;
    }
    const model = editor.current?.getModel();
    if (model && model.getValue() !== text) model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
    echoes.current = [];
  }, [text]);

  useEffect(() => monaco.editor.setTheme(theme), [theme]);

  return <div ref={host} className={classes.host} />;
}
