/** The result of a call: a tree of the data, or the body as it came, with copy and download of the whole. */
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { encodeTensors } from '../../../contract/index.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { formatBytes } from '../../kit/format.ts';
import { JsonView } from '../../kit/json/json-view.tsx';
import type { Exchange } from '../../kit/exchange.ts';
import classes from './response.module.css';
import { IconButton } from '../../kit/icon-button.tsx';

/** More text than this in one element makes a browser stutter. */
const RAW_LIMIT = 200_000;

export function BodyView({ exchange, name }: { exchange: Exchange; name: string }) {
  const [view, setView] = useState<'data' | 'body'>('data');
  const body = exchange.body_text;
  const shown = body !== undefined && view === 'body' ? 'body' : 'data';
  const value = exchange.problem ?? exchange.data;
  const text = () => (shown === 'body' ? (body ?? '') : JSON.stringify(value, encodeTensors, 2));
  return (
    <div>
      <div className={classes.bodyBar}>
        {body === undefined ? (
          <span className="gb-label">{exchange.problem ? 'problem' : 'data'}</span>
        ) : (
          <SegmentedControl
            aria-label="Show"
            value={shown}
            onChange={(next) => setView(next as 'data' | 'body')}
            data={[
              { value: 'data', label: exchange.problem ? 'Problem' : 'Data' },
              { value: 'body', label: 'Body as it came' },
            ]}
          />
        )}
        <span className={classes.spacer} />
        <CopyButton text={text} label={shown === 'body' ? 'Copy the body' : 'Copy the data'} />
        <IconButton icon="download" label="Download as a file" onClick={() => download(text(), `${name}.json`)} />
      </div>
      {shown === 'data' ? (
        <JsonView value={value} label="Data of the response" />
      ) : (
        <>
          <pre className={classes.raw} tabIndex={0} aria-label="Body of the response">
            {(body ?? '').slice(0, RAW_LIMIT)}
          </pre>
          {(body ?? '').length > RAW_LIMIT && (
            <p className="gb-faint">
              Cut at {formatBytes(RAW_LIMIT)} of {formatBytes(exchange.body_bytes)}; copy and download have the whole.
            </p>
          )}
        </>
      )}
    </div>
  );
}

function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
