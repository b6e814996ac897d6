/** Files inside a JSON body: chosen from the disk, carried as base64, which is meant for small ones. */
import { ActionIcon, Button, FileButton } from '@mantine/core';
import { useState } from 'react';
import { bytesToBase64 } from '../../../contract/index.ts';
import { formatBytes } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import type { ControlProps } from './form-context.ts';
import classes from './form.module.css';
import type { FieldOf } from './model.ts';

/** Base64 lives in the editor, the history and the link; beyond this the model loader is the way. */
const LIMIT_BYTES = 8 * 2 ** 20;

interface FileItem {
  path: string;
  data: string;
}

/** Items with a path and base64 data are files. */
export function isFileList(field: FieldOf<'array'>): boolean {
  const { item } = field;
  return (
    item.kind === 'object' &&
    item.properties.some(({ field: property }) => property.kind === 'string' && property.base64) &&
    item.properties.some(({ name }) => name === 'path')
  );
}

export function FilesControl({ value, onChange }: ControlProps<FieldOf<'array'>>) {
  const [complaint, setComplaint] = useState<string>();
  const items = (Array.isArray(value) ? value : []) as FileItem[];

  const add = async (files: File[]) => {
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (size > LIMIT_BYTES) {
      setComplaint(
        `${formatBytes(size)} is too much for a JSON body (${formatBytes(LIMIT_BYTES)} at most). The model loader takes whole folders.`,
      );
      return;
    }
    setComplaint(undefined);
    const added = await Promise.all(
      files.map(async (file) => ({ path: file.name, data: bytesToBase64(new Uint8Array(await file.arrayBuffer())) })),
    );
    onChange([...items.filter((item) => !added.some(({ path }) => path === item.path)), ...added]);
  };

  return (
    <div className={classes.rows}>
      {items.map((item, index) => (
        <div key={item.path} className={classes.item}>
          <code className={classes.itemControl}>{item.path}</code>
          <span className={classes.type}>{formatBytes(Math.floor((String(item.data ?? '').length * 3) / 4))}</span>
          <ActionIcon size={24} aria-label={`Remove ${item.path}`} onClick={() => onChange(items.toSpliced(index, 1))}>
            <Icon name="close" size={12} />
          </ActionIcon>
        </div>
      ))}
      <FileButton multiple onChange={(files) => void add(files)}>
        {(props) => (
          <Button
            {...props}
            size="compact-xs"
            variant="default"
            leftSection={<Icon name="folder" size={12} />}
            className={classes.add ?? ''}
          >
            Choose files
          </Button>
        )}
      </FileButton>
      {complaint && <p className={classes.error}>{complaint}</p>}
    </div>
  );
}
