/** One light for the transports, and behind it what each part says of itself and how to mend it. */
import { Button, Popover } from '@mantine/core';
import { type Health, useHealth, useRestartWorker } from '../kit/client-context.tsx';
import { Fact, Facts } from '../kit/figures/facts.tsx';
import { Hint } from '../kit/layout/hint.tsx';
import { useModel } from '../kit/model/use-model.ts';
import classes from './health-status.module.css';
import { isOwnWork } from '../../environment/work.ts';
import shell from './shell.module.css';
import { classNames } from '../kit/layout/class-names.ts';

type Tone = 'ok' | 'busy' | 'warn' | 'bad';

export function HealthStatus() {
  const health = useHealth();
  const { data: model } = useModel();
  const restart = useRestartWorker();
  const noModel = model?.status === 'failed' && !model.weights ? (model.error ?? 'No reason was given.') : null;
  const { tone, word } = overall(health, noModel !== null);
  return (
    <Popover position="bottom-end" width="min(20rem, calc(100vw - 1rem))" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={classNames(shell.button, shell.light)} data-tone={tone} aria-label={`Transport health: ${word}`}>
          <span className={classes.dot} />
          {word}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <h2 className="gb-label">Transport</h2>
        <Facts>
          {facts(health, noModel).map(({ name, value, tone: factTone, note }) => (
            <Fact key={name} name={name} data-tone={factTone}>
              <span className={classes.dot} /> {value}
              {note && <Hint>{note}</Hint>}
            </Fact>
          ))}
        </Facts>
        <div className={classes.actions}>
          <Button variant="default" onClick={() => void restart()}>
            Restart worker
          </Button>
          <Button variant="default" onClick={() => location.reload()}>
            Reload page
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function overall({ worker, restful, silence }: Health, hasNoModel: boolean): { tone: Tone; word: string } {
  if (worker === 'failed') return { tone: 'bad', word: 'Worker stopped' };
  if (silence) {
    const since = secondsOf(silence);
    if (worker === 'starting') return { tone: 'busy', word: `Starting for ${since}` };
    return isOwnWork(silence.work) ? { tone: 'busy', word: `Busy for ${since}` } : { tone: 'bad', word: `No answer for ${since}` };
  }
  if (worker === 'starting') return { tone: 'busy', word: 'Starting' };
  if (hasNoModel) return { tone: 'bad', word: 'No model' };
  if (restful === 'unavailable') return { tone: 'warn', word: 'Direct only' };
  return restful === 'starting' ? { tone: 'busy', word: 'Starting' } : { tone: 'ok', word: 'Ready' };
}

const secondsOf = ({ ms }: NonNullable<Health['silence']>): string => `${Math.floor(ms / 1000)} s`;

interface Fact {
  name: string;
  value: string;
  tone: Tone;
  note?: string;
}

function facts({ worker, failure, silence, restful, reason, isolated, threads, streamingBody }: Health, noModel: string | null): Fact[] {
  const facts: Fact[] = [
    silence && worker === 'ready'
      ? {
          name: 'Engine worker',
          value: `has not answered for ${secondsOf(silence)}`,
          tone: isOwnWork(silence.work) ? 'busy' : 'bad',
          note: silence.work ? `At work on ${silence.work.what}.` : 'At work on something that it did not tell of.',
        }
      : {
          name: 'Engine worker',
          value: { ready: 'ready', starting: 'starting', failed: 'stopped' }[worker],
          tone: ({ ready: 'ok', starting: 'busy', failed: 'bad' } as const)[worker],
          ...(failure !== null && { note: failure }),
        },
    ...(noModel === null ? [] : [{ name: 'Model', value: 'could not be loaded', tone: 'bad' as const, note: noModel }]),
    {
      name: 'Service worker',
      value: { ready: 'ready, answers /api', starting: 'starting', unavailable: 'unavailable' }[restful],
      tone: ({ ready: 'ok', starting: 'busy', unavailable: 'warn' } as const)[restful],
      ...(reason !== null && { note: reason }),
    },
    {
      name: 'Isolation',
      value: isolated ? 'cross-origin isolated' : 'not isolated',
      tone: isolated ? 'ok' : 'warn',
      ...(!isolated && { note: 'WebAssembly runs on one thread. A soft reload brings isolation where the service worker may run.' }),
    },
    { name: 'Threads', value: String(threads), tone: 'ok' },
    {
      name: 'Streams over REST',
      value: streamingBody ? 'as they are made' : 'buffered to the end',
      tone: streamingBody ? 'ok' : 'warn',
      ...(!streamingBody && { note: 'This browser cannot hand a stream to a service worker. Direct mode streams.' }),
    },
  ];
  return facts;
}
