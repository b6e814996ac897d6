/** The one switch: the same calls over REST or straight to the worker, each with what a call costs on this machine. */
import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type Mode, useClient, useHealth, useMode } from '../kit/client-context.tsx';
import { formatMs } from '../kit/format.ts';
import { useModel } from '../kit/model/use-model.ts';
import classes from './mode-switch.module.css';
import { IconButton } from '../kit/icon-button.tsx';

/** What a trivial call costs by each way; measured once both are ready, again on demand. */
export function useOverhead() {
  const client = useClient();
  const { worker, restful } = useHealth();
  // A load keeps the worker busy: what is measured beside it is the load.
  const { data: model } = useModel();
  return useQuery({
    queryKey: ['overhead', restful === 'ready'],
    queryFn: () => client.measureOverhead(),
    enabled: worker === 'ready' && restful !== 'starting' && model !== undefined && model.loading === null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

type Overhead = Awaited<ReturnType<ReturnType<typeof useClient>['measureOverhead']>>;

export function ModeSwitch() {
  const [mode, setMode] = useMode();
  const health = useHealth();
  const overhead = useOverhead();
  const { data } = overhead;

  return (
    <div className={classes.root} data-mode={mode}>
      <SegmentedControl
        aria-label="Transport of every call"
        value={mode}
        onChange={(value) => setMode(value as Mode)}
        data={[
          {
            value: 'restful',
            label: <Label name="RESTful" p50={data?.restful_ms?.p50} busy={overhead.isFetching} />,
            disabled: health.restful === 'unavailable',
          },
          { value: 'direct', label: <Label name="Direct" p50={data?.direct_ms.p50} busy={overhead.isFetching} /> },
        ]}
      />
      <IconButton
        icon="refresh"
        label="Measure the overhead again"
        tip={data ? <Figures data={data} /> : 'Measure the overhead of both transports'}
        loading={overhead.isFetching}
        onClick={() => void overhead.refetch()}
      />
    </div>
  );
}

function Label({ name, p50, busy }: { name: string; p50: number | undefined; busy: boolean }) {
  return (
    <span className={classes.label}>
      {name} <span className="gb-num">{p50 === undefined ? (busy ? '···' : '—') : formatMs(p50)}</span>
    </span>
  );
}

function Figures({ data }: { data: Overhead }) {
  const rows = [
    ['RESTful', data.restful_ms],
    ['Direct', data.direct_ms],
  ] as const;
  return (
    <div className={classes.figures}>
      <p>What a trivial call costs from this page, on this machine. Code inside the worker calls services as plain functions.</p>
      <table>
        <thead>
          <tr>
            <th scope="col">transport</th>
            <th>p50</th>
            <th>p95</th>
            <th>calls</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, figures]) => (
            <tr key={name}>
              <th>{name}</th>
              <td>{figures ? formatMs(figures.p50) : 'not available'}</td>
              <td>{figures ? formatMs(figures.p95) : ''}</td>
              <td>{figures?.n ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>Click to measure again.</p>
    </div>
  );
}
