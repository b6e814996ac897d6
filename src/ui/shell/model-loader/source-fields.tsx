/** The fields of each place that a model can come from. */
import { Button, Input } from '@mantine/core';
import { useId, useRef } from 'react';
import { formatBytes } from '../../kit/format.ts';
import { useFault } from '../../kit/entry/form-faults.tsx';
import { Icon } from '../../kit/icons.tsx';
import { TextEntry } from '../../kit/entry/text-entry.tsx';
import classes from './model-loader.module.css';
import { type Choice, FAULTS, folderFiles, folderName } from './source.ts';

interface Props {
  choice: Choice;
  /** A load was asked for: what is missing is said. */
  isAsked: boolean;
  onChange: (part: Partial<Choice>) => void;
}

export function SourceFields({ choice, isAsked, onChange }: Props) {
  switch (choice.kind) {
    case 'bundled':
      return (
        <TextEntry
          label="Bundled model"
          path="/source/id"
          complaint={FAULTS.bundledId(choice)}
          description="A folder below models/ on this site; default came with it"
          value={choice.bundledId}
          onChange={(event) => onChange({ bundledId: event.currentTarget.value })}
          spellCheck={false}
        />
      );
    case 'url':
      return (
        <TextEntry
          label="Address of the folder"
          path="/source/url"
          complaint={FAULTS.url(choice)}
          description="Holds config.json, tokenizer.json and *.safetensors; its server must allow this origin (CORS)"
          placeholder="https://…/my-model/"
          value={choice.url}
          onChange={(event) => onChange({ url: event.currentTarget.value })}
          spellCheck={false}
        />
      );
    case 'hub':
      return (
        <>
          <TextEntry
            label="Repository"
            path="/source/repo"
            complaint={FAULTS.repo(choice)}
            placeholder="HuggingFaceTB/SmolLM2-135M-Instruct"
            value={choice.repo}
            onChange={(event) => onChange({ repo: event.currentTarget.value })}
            spellCheck={false}
          />
          <div className={classes.options}>
            <TextEntry
              label="Revision"
              path="/source/revision"
              value={choice.revision}
              onChange={(event) => onChange({ revision: event.currentTarget.value })}
              spellCheck={false}
            />
            <TextEntry
              label="Hub"
              path="/source/endpoint"
              complaint={FAULTS.endpoint(choice)}
              value={choice.endpoint}
              onChange={(event) => onChange({ endpoint: event.currentTarget.value })}
              spellCheck={false}
            />
          </div>
        </>
      );
    case 'upload':
      return <FolderField choice={choice} isAsked={isAsked} onChange={onChange} />;
  }
}

/** A button that chooses takes no part in what the browser checks of a form. */
function FolderField({ choice, isAsked, onChange }: Props) {
  const { files } = choice;
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const size = files.reduce((sum, { data }) => sum + data.size, 0);
  const missing = FAULTS.files(choice);
  const answered = useFault('/source/files', 'Folder');
  const fault = missing !== null && (isAsked || files.length > 0) ? `Folder ${missing}` : answered;
  const names = files.slice(0, 4).map(({ path }) => path.split('/').slice(1).join('/') || path);
  return (
    <div>
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
        <Button
          variant="default"
          leftSection={<Icon name="folder" />}
          aria-invalid={fault !== undefined}
          aria-describedby={fault === undefined ? `${id}-about` : `${id}-fault ${id}-about`}
          onClick={() => input.current?.click()}
        >
          Choose a folder
        </Button>
        <span id={`${id}-about`}>
          {files.length === 0
            ? 'In Hugging Face layout. The files stay in this browser.'
            : `${folderName(files)}: ${files.length} ${files.length === 1 ? 'file' : 'files'}, ${formatBytes(size)}: ${names.join(', ')}${files.length > names.length ? ', …' : ''}`}
        </span>
      </div>
      {fault !== undefined && (
        <Input.Error id={`${id}-fault`} size="xs" mt={4}>
          {fault}
        </Input.Error>
      )}
    </div>
  );
}
