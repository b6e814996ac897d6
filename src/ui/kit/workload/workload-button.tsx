/** Starts and stops the small workload, from either panel. */
import { Button, Tooltip } from '@mantine/core';
import { useClient } from '../client-context.tsx';
import { Icon } from '../icons.tsx';
import { useObserved } from '../use-observed.ts';
import classes from './workload.module.css';
import { smallWorkloadOf, type WorkloadState } from './small-workload.ts';

export const useSmallWorkload = (): WorkloadState => useObserved(smallWorkloadOf(useClient()).state);

export function WorkloadButton({ disabled }: { disabled: boolean }) {
  const workload = smallWorkloadOf(useClient());
  const { running, live, ended, total } = useSmallWorkload();
  if (running) {
    return (
      <Button color="red" variant="light" leftSection={<Icon name="stop" />} onClick={() => workload.stop()}>
        Stop{' '}
        <span className="gb-num">
          &nbsp;{live} live
          <span className={classes.wideOnly}>
            , {ended} of {total} ended
          </span>
        </span>
      </Button>
    );
  }
  return (
    <Tooltip label="Ten stories, some with a common beginning and several samples, arriving over a few seconds">
      <Button leftSection={<Icon name="play" />} disabled={disabled} onClick={() => void workload.start()}>
        Run a small workload
      </Button>
    </Tooltip>
  );
}
