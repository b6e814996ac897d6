/** The events of a stream as they come: the text they add up to, and the last of them one by one. */
import { useState } from 'react';
import { Button } from '@mantine/core';
import type { ServerEvent } from '../../kit/exchange.ts';
import { JsonView } from '../../kit/json/json-view.tsx';
import classes from './response.module.css';

interface Props {
  events: readonly ServerEvent[];
  /** How many of them to show: the array grows in place. */
  count: number;
  running: boolean;
}

const SHOWN = 100;

export function EventsView({ events, count, running }: Props) {
  const [open, setOpen] = useState<number>();
  const [all, setAll] = useState(false);
  const from = all ? 0 : Math.max(0, count - SHOWN);
  const text = streamedText(events, count);
  return (
    <div className={classes.events}>
      {text !== '' && (
        <p className={classes.streamed} aria-live="off">
          {text}
          {running && <span className={classes.caret} />}
        </p>
      )}
      <p className="gb-label" role="status">
        {count} event{count === 1 ? '' : 's'}
        {running ? ' so far' : ''}
      </p>
      {from > 0 && (
        <Button size="compact-xs" variant="default" disabled={running || count > 5000} onClick={() => setAll(true)}>
          {count > 5000 ? `The first ${from} are in the download` : `Show the first ${from}`}
        </Button>
      )}
      <ol start={from + 1}>
        {events.slice(from, count).map(({ event, data }, index) => {
          const at = from + index;
          return (
            <li key={at}>
              <button type="button" aria-expanded={open === at} onClick={() => setOpen(open === at ? undefined : at)}>
                <span className={classes.eventIndex}>{at}</span>
                <span className={classes.eventName} data-event={event}>
                  {event}
                </span>
                <span className="gb-ellipsis">{preview(data)}</span>
              </button>
              {open === at && <JsonView value={data} label={`Event ${at}`} />}
            </li>
          );
        })}
      </ol>
    </div>
  );
}

/** The text that events carry, of the first sample where there are several. */
function streamedText(events: readonly ServerEvent[], count: number): string {
  let text = '';
  for (const { data } of events.slice(0, count)) {
    const part = data as { text?: unknown; index?: unknown } | null;
    if (typeof part?.text === 'string' && (part.index ?? 0) === 0) text += part.text;
  }
  return text;
}

function preview(data: unknown): string {
  const text = JSON.stringify(data) ?? '';
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
