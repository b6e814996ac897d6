/** Says how long something runs, and what it waits for where another measurement occupies the device. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useClient } from '../kit/client-context.tsx';
import { formatMs } from '../kit/format.ts';
import { stateQuery } from './queries.ts';

interface Props {
  /** `performance.now()` at its start. */
  startedAt: number;
  /** How the service calls it when it occupies the device. */
  occupant: string;
}

export function UnderWay({ startedAt, occupant }: Props) {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, []);
  const { data } = useQuery(stateQuery(useClient(), 1000));
  const waitsFor = data && data.running !== null && data.running !== occupant ? data.running : null;
  return (
    <p className="gb-muted" role="status">
      {waitsFor === null ? 'Running for' : 'Waiting'}{' '}
      <span className="gb-num">{formatMs(Math.max(100, Math.floor((now - startedAt) / 100) * 100))}</span>
      {waitsFor !== null && ` for the device, which is busy with ${waitsFor}`}
    </p>
  );
}
