/** What Ctrl-K finds of what is held: code, kernels, plans, experiments, hook points, scripts and test cases of one's own. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Client } from '../../client/client.ts';
import { localTexts } from '../../environment/text-store.ts';
import { addressOf } from '../computation/experiments/address.ts';
import { useClient, useHealth } from '../kit/client-context.tsx';
import { scriptHref } from '../kit/address/script-link.ts';
import { useEntries as useScripts } from '../scripts/catalogue.ts';
import { hrefOf as caseHref } from '../tests/cases.ts';
import { loadOwn, toTestCase } from '../tests/own-cases.ts';
import { type Found, place } from './search-entry.tsx';
import type { SearchGroup } from './search-ranking.ts';

/** @param opened while nobody looks, nothing is asked; while somebody types, it is not asked again */
export function useHeldGroups(opened: boolean): readonly SearchGroup<Found>[] {
  const client = useClient();
  const { worker } = useHealth();
  const scripts = useScripts();
  const { data: ofServices = NONE } = useQuery({
    queryKey: ['search', 'held'],
    enabled: opened && worker === 'ready',
    staleTime: 0,
    retry: false,
    queryFn: ({ signal }) => held(client, signal),
  });
  return useMemo(
    () => [
      ...ofServices,
      {
        group: 'Scripts',
        // Those of the code service come with what it holds.
        entries: scripts
          .filter(({ from }) => from !== 'service')
          .map((script) =>
            place({
              href: scriptHref(script),
              label: script.title,
              description: script.from === 'example' ? 'example' : 'yours',
              icon: 'terminal',
              keywords: `script ${script.id}`,
            }),
          ),
      },
      { group: 'Test cases of yours', entries: opened ? ownCases() : [] },
    ],
    [ofServices, scripts, opened],
  );
}

const NONE: readonly SearchGroup<Found>[] = [];

function ownCases(): Found[] {
  return loadOwn(localTexts).flatMap((own) => {
    const test = toTestCase(own);
    if (!test) return [];
    const description = [test.endpoint, own.description].filter(Boolean).join(': ');
    return place({ href: caseHref(test), label: own.name, description, icon: 'tests', keywords: 'test case own yours' });
  });
}

/** A service that does not answer is left out. */
async function held(client: Client, signal: AbortSignal): Promise<SearchGroup<Found>[]> {
  const [resources, kernels, plans, experiments, model, scheduler] = await Promise.all([
    client
      .via('direct')
      .get('code', 'resources', {}, { signal })
      .catch(() => null),
    client
      .via('direct')
      .get('computation', 'kernels', {}, { signal })
      .catch(() => null),
    client
      .via('direct')
      .get('computation', 'plans', {}, { signal })
      .catch(() => null),
    client
      .via('direct')
      .get('computation', 'experiments', {}, { signal })
      .catch(() => null),
    client
      .via('direct')
      .get('model', 'info', {}, { signal })
      .catch(() => null),
    client
      .via('direct')
      .get('scheduler', 'policy', {}, { signal })
      .catch(() => null),
  ]);
  return [
    {
      group: 'Code',
      entries: (resources?.resources ?? [])
        .filter(({ kind }) => kind !== 'script')
        .map(({ id, title, patched }) =>
          place({
            href: `/code/${id}`,
            label: title,
            description: `${id}${patched ? ', patched' : ''}`,
            icon: 'code',
            keywords: 'code resource patch',
          }),
        ),
    },
    {
      group: 'Scripts in the code service',
      entries: (resources?.resources ?? [])
        .filter(({ kind }) => kind === 'script')
        .map(({ id, title, description }) =>
          place({ href: scriptHref({ id }), label: title, description: `${id}: ${description}`, icon: 'terminal', keywords: 'script' }),
        ),
    },
    {
      group: 'Kernels',
      entries: (kernels?.kernels ?? []).map(({ id, title }) =>
        place({
          href: `/computation/kernels/${encodeURIComponent(id)}`,
          label: title,
          description: id,
          icon: 'computation',
          keywords: 'kernel',
        }),
      ),
    },
    {
      group: 'Plans',
      entries: (plans?.plans ?? []).map(({ id, name }) =>
        place({
          href: `/computation/plans/${encodeURIComponent(id)}`,
          label: name,
          description: id,
          icon: 'layers',
          keywords: 'execution plan',
        }),
      ),
    },
    {
      group: 'Experiments',
      entries: (experiments?.experiments ?? []).map(({ id, name, state }) =>
        place({ href: addressOf({ id }), label: name, description: state, icon: 'tests', keywords: 'experiment' }),
      ),
    },
    {
      group: 'Parameters of policies',
      entries: (scheduler?.policies ?? []).flatMap((policy) =>
        policy.parameters.map(({ name, description }) =>
          place({
            id: `policy:${policy.name}:${name}`,
            href: `/api/scheduler/setPolicy?field=${encodeURIComponent('/parameters')}`,
            label: name,
            description: `of the policy ${policy.name}: ${description}`,
            icon: 'scheduler',
            keywords: 'scheduling policy parameter',
          }),
        ),
      ),
    },
    {
      group: 'Hook points',
      entries: (model?.state.hook_points ?? []).map(({ name, shape, description }) =>
        place({
          id: `hook:${name}`,
          href: `/api/model/forward?field=${encodeURIComponent('/capture')}`,
          label: name,
          description: `${shape}: ${description}`,
          icon: 'layers',
          keywords: 'hook point capture tap',
        }),
      ),
    },
  ];
}
