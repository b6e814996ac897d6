/** The right half of an endpoint: what came back and how, and the same request as code, in history and in the contract's words. */
import { Tabs } from '@mantine/core';
import { useState } from 'react';
import type { ErrorItem, Route } from '../../../contract/index.ts';
import { useHealth } from '../../kit/client-context.tsx';
import { DocsView } from '../docs-view.tsx';
import { HistoryView } from '../history-view.tsx';
import type { HistoryEntry } from '../history.ts';
import type { Run } from '../request/use-send.ts';
import { SamplesView } from '../samples-view.tsx';
import { BodyView } from './body-view.tsx';
import { EventsView } from './events-view.tsx';
import { HeadersView } from './headers-view.tsx';
import { ProblemView } from './problem-view.tsx';
import classes from './response-panel.module.css';
import { StatusLine } from './status-line.tsx';
import { TimingView } from './waterfall.tsx';
import { Chips } from '../../kit/layout/chips.tsx';

interface Props {
  route: Route;
  run: Run;
  input: unknown;
  onCompare: () => void;
  /** The form is in sight, and says it at its field. */
  isAtField: (item: ErrorItem) => boolean;
  onField: (pointer: string) => void;
  onRepeat: (entry: HistoryEntry) => void;
}

type TabName = 'response' | 'timing' | 'headers' | 'samples' | 'history' | 'docs';

export function ResponsePanel({ route, run, input, isAtField, onCompare, onField, onRepeat }: Props) {
  const [tab, setTab] = useState<TabName>(run.status === 'idle' ? 'docs' : 'response');
  const [seen, setSeen] = useState(run.startedAt);
  // A new request brings its answer to the front, unless its timing or headers are being watched.
  if (run.startedAt !== seen) {
    setSeen(run.startedAt);
    if (tab === 'samples' || tab === 'history' || tab === 'docs') setTab('response');
  }
  const { exchange } = run;

  return (
    <section className={classes.root} aria-label="Response">
      <StatusLine run={run} />
      <Tabs value={tab} onChange={(next) => setTab((next ?? 'response') as TabName)} keepMounted={false} className={classes.tabs ?? ''}>
        <Tabs.List>
          <Tabs.Tab value="response">Response</Tabs.Tab>
          <Tabs.Tab value="timing">Timing</Tabs.Tab>
          <Tabs.Tab value="headers">Headers</Tabs.Tab>
          <Tabs.Tab value="samples">Code</Tabs.Tab>
          <Tabs.Tab value="history">History</Tabs.Tab>
          <Tabs.Tab value="docs">Docs</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="response">
          <Answer run={run} route={route} isAtField={isAtField} onField={onField} />
        </Tabs.Panel>
        <Tabs.Panel value="timing">
          {exchange ? <Timing run={run} exchange={exchange} onCompare={onCompare} /> : <Nothing run={run} />}
        </Tabs.Panel>
        <Tabs.Panel value="headers">{exchange ? <HeadersView exchange={exchange} /> : <Nothing run={run} />}</Tabs.Panel>
        <Tabs.Panel value="samples">
          <SamplesView route={route} input={input} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryView route={route} onRepeat={onRepeat} />
        </Tabs.Panel>
        <Tabs.Panel value="docs" tabIndex={0}>
          <DocsView route={route} />
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}

function Answer({ run, route, isAtField, onField }: Pick<Props, 'run' | 'route' | 'isAtField' | 'onField'>) {
  const { exchange, eventCount, events } = run;
  const [view, setView] = useState<'events' | 'result'>('events');
  const running = run.status === 'running';
  if (!exchange && eventCount === 0) return <Nothing run={run} />;
  const problem = exchange?.problem;
  const result = exchange && !problem && <BodyView exchange={exchange} name={`${route.service}-${route.operation}`} />;
  return (
    <>
      {problem && <ProblemView problem={problem} isAtField={isAtField} onField={onField} />}
      {eventCount > 0 ? (
        <>
          {result && (
            <Chips aria-label="Show">
              {(['events', 'result'] as const).map((name) => (
                <button key={name} type="button" aria-pressed={view === name} onClick={() => setView(name)}>
                  {name === 'events' ? `Events (${eventCount})` : 'Last event as result'}
                </button>
              ))}
            </Chips>
          )}
          {view === 'result' && result ? result : <EventsView events={events} count={eventCount} running={running} />}
        </>
      ) : (
        result
      )}
    </>
  );
}

function Timing({ run, exchange, onCompare }: { run: Run; exchange: NonNullable<Run['exchange']>; onCompare: () => void }) {
  const { restful, worker } = useHealth();
  const refusal =
    worker !== 'ready'
      ? 'The worker has stopped.'
      : exchange.mode === 'direct' && restful !== 'ready'
        ? 'RESTful mode is not available here.'
        : undefined;
  return <TimingView run={run} exchange={exchange} onCompare={onCompare} refusal={refusal} />;
}

function Nothing({ run }: { run: Run }) {
  return <p className="gb-faint">{run.status === 'running' ? 'Waiting for the answer…' : 'Send the request to see its answer here.'}</p>;
}
