/** The fields of each place that a model can come from. */
import { Button, TextInput } from '@mantine/core';
import { useRef } from 'react';
import { formatBytes } from '../kit/format.ts';
import { Icon } from '../kit/icons.tsx';
import classes from './model-loader.module.css';
import { type Choice, folderFiles } from './source.ts';

interface Props {
  choice: Choice;
  onChange: (part: Partial<Choice>) => void;
}

export function SourceFields({ choice, onChange }: Props) {
  switch (choice.kind) {
    case 'bundled':
      return (
        <TextInput
          label="Bundled model"
          description="A folder below models/ on this site"
          value={choice.bundledId}
          onChange={(event) => onChange({ bundledId: event.currentTarget.value })}
          spellCheck={false}
        />
      );
    case 'url':
      return (
        <TextInput
          label="Address of the folder"
          description="Holds config.json, tokenizer.json and *.safetensors; its server must allow this origin (CORS)"
          placeholder="https://…/my-model/"
          type="url"
          value={choice.url}
          onChange={(event) => onChange({ url: event.currentTarget.value })}
          spellCheck={false}
        />
      );
    case 'hub':
      return (
        <>
          <TextInput
            label="Repository"
            placeholder="HuggingFaceTB/SmolLM2-135M-Instruct"
            value={choice.repo}
            onChange={(event) => onChange({ repo: event.currentTarget.value })}
            spellCheck={false}
          />
          <div className={classes.options}>
            <TextInput
              label="Revision"
              value={choice.revision}
              onChange={(event) => onChange({ revision: event.currentTarget.value })}
              spellCheck={false}
            />
            <TextInput
              label="Hub"
              value={choice.endpoint}
              onChange={(event) => onChange({ endpoint: event.currentTarget.value })}
              spellCheck={false}
            />
          </div>
        </>
      );
    case 'upload':
      return <FolderField choice={choice} onChange={onChange} />;
  }
}

function FolderField({ choice: { files }, onChange }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const size = files.reduce((sum, { data }) => sum + data.size, 0);
  return (
    <div className={classes.folder}>
      <input
        ref={(element) => {
          input.current = element;
          // No React property: the attribute is not standard, and every browser has it.
          element?.setAttribute('webkitdirectory', '');
        }}
        type="file"
        multiple
        hidden
        onChange={(event) => onChange({ files: folderFiles(event.currentTarget.files ?? []) })}
      />
      <Button variant="default" leftSection={<Icon name="folder" />} onClick={() => input.current?.click()}>
        Choose a folder
      </Button>
      <span>
        {files.length === 0
          ? 'In Hugging Face layout. The files stay in this browser.'
          : `${files.length} files, ${formatBytes(size)}: ${files
              .slice(0, 4)
              .map(({ path }) => path)
              .join(', ')}${files.length > 4 ? ', …' : ''}`}
      </span>
    </div>
  );
}
