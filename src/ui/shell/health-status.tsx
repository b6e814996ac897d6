/** One light for the transports, and behind it what each part says of itself and how to mend it. */
import { Button, Popover } from '@mantine/core';
import { type Health, useHealth } from '../kit/client-context.tsx';
import classes from './health-status.module.css';

type Tone = 'ok' | 'busy' | 'warn' | 'bad';

export function HealthStatus() {
  const health = useHealth();
  const { tone, word } = overall(health);
  return (
    <Popover position="bottom-end" width={320} trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={classes.light} data-tone={tone} aria-label={`Transport health: ${word}`}>
          <span className={classes.dot} />
          {word}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <h2 className="gb-label">Transport</h2>
        <dl className={classes.facts}>
          {facts(health).map(({ name, value, tone: factTone, note }) => (
            <div key={name} data-tone={factTone}>
              <dt>{name}</dt>
              <dd>
                <span className={classes.dot} /> {value}
                {note && <p>{note}</p>}
              </dd>
            </div>
          ))}
        </dl>
        <Button variant="default" fullWidth onClick={() => location.reload()}>
          Reload the page (soft)
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}

function overall({ worker, restful }: Health): { tone: Tone; word: string } {
  if (worker === 'failed') return { tone: 'bad', word: 'Worker stopped' };
  if (worker === 'starting') return { tone: 'busy', word: 'Starting' };
  if (restful === 'unavailable') return { tone: 'warn', word: 'Direct only' };
  return restful === 'starting' ? { tone: 'busy', word: 'Starting' } : { tone: 'ok', word: 'Ready' };
}

interface Fact {
  name: string;
  value: string;
  tone: Tone;
  note?: string;
}

function facts({ worker, restful, reason, isolated, threads, streamingBody }: Health): Fact[] {
  const facts: Fact[] = [
    {
      name: 'Engine worker',
      value: { ready: 'ready', starting: 'starting', failed: 'stopped' }[worker],
      tone: ({ ready: 'ok', starting: 'busy', failed: 'bad' } as const)[worker],
    },
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
