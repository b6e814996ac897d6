/** Files inside a JSON body: chosen from the disk, carried as base64, which is meant for small ones. */
import { ActionIcon, Button, FileButton } from '@mantine/core';
import { useState } from 'react';
import { bytesToBase64 } from '../../../contract/index.ts';
import { formatBytes } from '../format.ts';
import { Icon } from '../icons.tsx';
import type { ControlProps } from './form-context.ts';
import classes from './form.module.css';
import { type FieldOf, isRecord } from './model.ts';
import { useFault } from './use-fault.tsx';

/** Base64 lives in the editor, the history and the link; beyond this the model loader is the way. */
const LIMIT_BYTES = 8 * 2 ** 20;

/** What came as JSON may be no file: it is shown all the same, so that it can be taken away. */
const pathOf = (item: unknown): string => (isRecord(item) && typeof item.path === 'string' ? item.path : JSON.stringify(item));
const bytesOf = (item: unknown): number => (isRecord(item) && typeof item.data === 'string' ? Math.floor((item.data.length * 3) / 4) : 0);

/** Items with a path and base64 data are files. */
export function isFileList(field: FieldOf<'array'>): boolean {
  const { item } = field;
  return (
    item.kind === 'object' &&
    item.properties.some(({ field: property }) => property.kind === 'string' && property.base64) &&
    item.properties.some(({ name }) => name === 'path')
  );
}

export function FilesControl({ value, onChange, ...where }: ControlProps<FieldOf<'array'>>) {
  const [complaint, setComplaint] = useState<string>();
  const { group, said } = useFault(where, { complaint });
  const items: readonly unknown[] = Array.isArray(value) ? value : [];

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
    onChange([...items.filter((item) => !added.some(({ path }) => path === pathOf(item))), ...added]);
  };

  return (
    <fieldset className={classes.rows} {...group}>
      {items.map((item, index) => (
        <div key={`${index}${pathOf(item)}`} className={classes.item}>
          <code className={classes.itemControl}>{pathOf(item)}</code>
          <span className={classes.type}>{formatBytes(bytesOf(item))}</span>
          <ActionIcon size={24} aria-label={`Remove ${pathOf(item)}`} onClick={() => onChange(items.toSpliced(index, 1))}>
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
      {said}
    </fieldset>
  );
}
