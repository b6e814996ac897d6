/** What a patch does, beside the editor: a prompt of choice, the comparison with the built-in version, and patches to try while there is none. */
import { Button, Textarea } from '@mantine/core';
import { Icon } from '../../kit/icons.tsx';
import { ProblemAlert } from '../../kit/problem/problem-alert.tsx';
import classes from '../code.module.css';
import type { Starter } from '../starters.ts';
import { EffectView } from './effect-view.tsx';
import type { EffectRun } from './use-effect-run.ts';
import { Card, CardHead } from '../../kit/layout/card.tsx';
import { Spring } from '../../kit/layout/frame.tsx';

interface Props {
  patched: boolean;
  revision: string;
  prompt: string;
  onPrompt: (prompt: string) => void;
  run: EffectRun | null;
  starters: readonly Starter[];
  onTry: (starter: Starter) => void;
  onCompare: () => void;
  onStop: () => void;
  busy: boolean;
}

export function EffectCard({ patched, revision, prompt, onPrompt, run, starters, onTry, onCompare, onStop, busy }: Props) {
  const running = run?.state === 'running';
  const effect = patched ? (run?.effect ?? null) : null;
  return (
    <Card compact aria-label="Effect">
      <CardHead>
        <h2>Effect</h2>
        <Spring />
        {running ? (
          <Button color="red" variant="light" leftSection={<Icon name="stop" />} onClick={onStop}>
            Stop
          </Button>
        ) : (
          <Button variant="default" onClick={onCompare} disabled={!patched || prompt.trim() === '' || busy}>
            Compare
          </Button>
        )}
      </CardHead>
      <Textarea
        aria-label="Prompt to compare on"
        value={prompt}
        onChange={({ currentTarget }) => onPrompt(currentTarget.value)}
        autosize
        minRows={2}
        maxRows={6}
      />
      <div role="status" className={classes.step}>
        {running && 'Running both versions, beside the active one …'}
        {run?.state === 'stopped' && 'Stopped.'}
      </div>
      {run?.state === 'failed' && run.error && <ProblemAlert error={run.error} onRetry={patched ? onCompare : undefined} />}
      {effect && (
        <>
          {effect.revision !== revision && <p className="gb-warn">Another version is active since. Compare again.</p>}
          <EffectView effect={effect} />
        </>
      )}
      {!patched && !running && starters.length > 0 && (
        <>
          <p className="gb-muted">The built-in version is active. Change its source and apply it, or try one of these:</p>
          <ul className={classes.starters}>
            {starters.map((starter) => (
              <li key={starter.name}>
                <div>
                  <strong>{starter.name}</strong>
                  <p>{starter.description}</p>
                </div>
                <Button variant="light" onClick={() => onTry(starter)} disabled={busy} aria-label={`Try it: ${starter.name}`}>
                  Try it
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
      {!patched && !running && starters.length === 0 && (
        <p className="gb-muted">The built-in version is active. Change its source and apply it.</p>
      )}
    </Card>
  );
}
