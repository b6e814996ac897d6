/** The tree of code resources and the one that is open. */
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { useClient, useHealth } from '../../kit/client-context.tsx';
import { NotFound } from '../../kit/not-found.tsx';
import classes from '../code.module.css';
import { useDrafts } from '../drafts.ts';
import { resourcesQuery } from '../../kit/code/resource-queries.ts';
import { ResourceTree } from './resource-tree.tsx';
import { ResourceView } from './resource-view.tsx';
import { BesideList } from '../../kit/layout/side-list.tsx';
import { Waiting } from '../../kit/problem/waiting.tsx';

/** @param id as the address has it; the first resource where it names none */
export function ResourcesPanel({ id }: { id: string }) {
  const [, navigate] = useLocation();
  const { worker } = useHealth();
  const { data, error, refetch } = useQuery({ ...resourcesQuery(useClient()), enabled: worker === 'ready' });
  const drafts = useDrafts();
  const open = (next: string) => navigate(`/code/${next}`);

  if (error || !data) return <Waiting what="resources" error={error} onRetry={() => void refetch()} />;
  const resources = data.filter(({ kind }) => kind !== 'script');
  const selected = id ? resources.find((each) => each.id === id) : resources[0];
  if (resources.length === 0) return <p className="gb-prose">There is nothing to patch.</p>;
  return (
    <BesideList>
      <ResourceTree resources={resources} drafts={drafts} selected={selected?.id ?? ''} onSelect={open} />
      <NativeSelect
        className={classes.picker ?? ''}
        aria-label="Resource"
        value={selected?.id ?? ''}
        data={[
          ...(selected ? [] : [{ value: '', label: 'Choose a resource', disabled: true }]),
          ...resources.map((each) => ({ value: each.id, label: `${each.title}${each.patched ? ' (patched)' : ''}` })),
        ]}
        onChange={({ currentTarget }) => open(currentTarget.value)}
      />
      {selected ? (
        <ResourceView key={selected.id} summary={selected} />
      ) : (
        <NotFound
          what="code resource"
          id={id}
          known={resources.map((each) => ({ id: each.id, title: each.title, href: `/code/${each.id}` }))}
        />
      )}
    </BesideList>
  );
}
