/** Tells what is out of the ordinary with the transports, and what to do; each can be put away and none blocks the work. */
import { Button, CloseButton } from '@mantine/core';
import { useState } from 'react';
import { refusals } from '../../environment/refusals.ts';
import { useObserved } from '../kit/use-observed.ts';
import { useHealth, useRestartWorker, useStartingModel } from '../kit/client-context.tsx';
import { Icon } from '../kit/icons.tsx';
import classes from './banners.module.css';
import { noticesFor } from './notices.ts';
import { startNotices } from './start-notices.ts';

export function Banners() {
  const health = useHealth();
  const restart = useRestartWorker();
  const startingModel = useStartingModel();
  const refused = useObserved(refusals);
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const all = [...startNotices(health, startingModel), ...noticesFor(health, () => void restart(), refused)];
  const notices = all.filter(({ key }) => !dismissed.has(key));
  return (
    <div className={classes.stack} aria-live="polite">
      {notices.map(({ key, tone, text, action }) => (
        <div key={key} className={classes.banner} data-tone={tone}>
          <Icon name={tone === 'info' ? 'info' : 'warning'} />
          <span className={classes.text}>{text}</span>
          {action && (
            <Button className={classes.action} size="compact-xs" variant="default" onClick={action.run}>
              {action.label}
            </Button>
          )}
          <CloseButton size="sm" aria-label="Put this notice away" onClick={() => setDismissed(new Set([...dismissed, key]))} />
        </div>
      ))}
    </div>
  );
}
