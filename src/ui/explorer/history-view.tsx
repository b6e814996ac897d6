/** What was sent before, here or everywhere, to be looked at and sent again. */
import { Button, Switch } from '@mantine/core';
import { useState } from 'react';
import type { Route } from '../../contract/index.ts';
import { formatMs } from '../kit/format.ts';
import { Moment } from '../kit/moment.tsx';
import { ModeTag } from '../kit/method.tsx';
import classes from './explorer.module.css';
import { forgetAll, type HistoryEntry, useHistory } from './history.ts';

interface Props {
  route: Route;
  onRepeat: (entry: HistoryEntry) => void;
}

export function HistoryView({ route, onRepeat }: Props) {
  const [everywhere, setEverywhere] = useState(false);
  const all = useHistory();
  const entries = everywhere ? all : all.filter(({ service, operation }) => service === route.service && operation === route.operation);
  return (
    <div className="gb-stack">
      <div className={classes.historyBar}>
        <Switch label="All endpoints" checked={everywhere} onChange={(event) => setEverywhere(event.currentTarget.checked)} />
        <Button size="compact-xs" variant="default" disabled={all.length === 0} onClick={forgetAll}>
          Forget all
        </Button>
      </div>
      {entries.length === 0 && <p className="gb-small gb-faint">Nothing was sent {everywhere ? 'yet' : 'to this endpoint yet'}.</p>}
      <ul className={classes.history}>
        {entries.map((entry) => (
          <li key={entry.id}>
            <button
              type="button"
              disabled={entry.input === undefined}
              onClick={() => onRepeat(entry)}
              title={entry.input === undefined ? 'Its input was too large to keep' : 'Fill this in and send it again'}
            >
              <span className={classes.historyStatus} data-ok={entry.status < 400}>
                {entry.status}
              </span>
              <span className="gb-mono gb-ellipsis">
                {everywhere && (
                  <b>
                    {entry.service}/{entry.operation}{' '}
                  </b>
                )}
                {entry.input === undefined ? 'input too large to keep' : JSON.stringify(entry.input).slice(0, 160)}
              </span>
              <span className="gb-num">{formatMs(entry.duration_ms)}</span>
              <ModeTag mode={entry.mode} />
              <Moment at={entry.started_at} />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
