/** The kernels and the one that is open: what it takes, how it runs, and its code beside its reference. */
import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { pathPart } from '../../kit/address/hash-location.ts';
import { useClient, useHealth } from '../../kit/client-context.tsx';
import { NotFound } from '../../kit/not-found.tsx';
import { type KernelSummary, kernelsQuery } from '../queries.ts';
import { Chooser } from '../chooser.tsx';
import { KernelView } from './kernel-view.tsx';
import { BesideList } from '../../kit/layout/side-list.tsx';
import { Waiting } from '../../kit/problem/waiting.tsx';

const KINDS: readonly (readonly [KernelSummary['kind'], string])[] = [
  ['attention', 'Attention fragments'],
  ['wgsl', 'WGSL shaders'],
];

const BASE = '/computation/kernels';

export function KernelsView() {
  const [path] = useLocation();
  const id = pathPart(path, 3);
  const { worker } = useHealth();
  const { data, error, refetch } = useQuery({ ...kernelsQuery(useClient()), enabled: worker === 'ready' });
  if (error || !data) return <Waiting what="kernels" error={error} onRetry={() => void refetch()} />;
  const selected = id ? data.find((kernel) => kernel.id === id) : data[0];
  if (data.length === 0) return <p className="gb-prose">There are no kernels.</p>;
  const groups = KINDS.map(([kind, title]) => ({
    title,
    items: data
      .filter((kernel) => kernel.kind === kind)
      .map(({ id: each, title: name, available, unavailable_reason, revision_id }) => ({
        id: each,
        title: name,
        badge: available
          ? revision_id === null
            ? undefined
            : { text: 'patched', tone: 'direct' as const, why: `Revision ${revision_id}` }
          : { text: 'no GPU', tone: 'warn' as const, why: unavailable_reason ?? '' },
      })),
  }));
  return (
    <BesideList>
      <Chooser label="Kernels" groups={groups} selected={selected?.id ?? null} base={BASE} />
      {selected ? (
        <KernelView key={selected.id} summary={selected} />
      ) : (
        <NotFound
          what="kernel"
          id={id}
          known={data.map((kernel) => ({ id: kernel.id, title: kernel.title, href: `${BASE}/${kernel.id}` }))}
        />
      )}
    </BesideList>
  );
}
