/** What Ctrl-K finds, made from what is there: contract, panels, and what the services and this browser hold. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { contract, type Route, routes, serviceNames } from '../../contract/index.ts';
import { addressOf } from '../computation/experiments/address.ts';
import { useClient, useHealth } from '../kit/client-context.tsx';
import { navigate } from '../kit/hash-location.ts';
import { Icon, type IconName } from '../kit/icons.tsx';
import { type JsonSchema, jsonSchemaOf, resolve } from '../kit/json-schema.ts';
import { Method } from '../kit/method.tsx';
import { direct } from '../memory/direct.ts';
import { PARAMETER_NAMES, parameterHref } from '../playground/parameters.ts';
import { hrefOf as scriptHref, useEntries as useScripts } from '../scripts/catalogue.ts';
import { hrefOf as caseHref, keyOf } from '../tests/cases.ts';
import { panels } from './panels.ts';
import type { SearchEntry, SearchGroup } from './search-ranking.ts';

export interface Found extends SearchEntry {
  icon: ReactNode;
}

/** The contract does not change while the page is open. */
let ofContract: SearchGroup<Found>[] | undefined;

/** @param opened while nobody looks, nothing is asked */
export function useSearchGroups(opened: boolean): readonly SearchGroup<Found>[] {
  const held = useHeld(opened);
  const scripts = useScripts();
  return useMemo(
    () => [
      { group: 'Panels', first: true, entries: panels.map(({ path, title, icon, purpose }) => place(path, title, purpose, icon)) },
      ...held,
      {
        group: 'Scripts',
        entries: scripts.map((script) =>
          place(scriptHref(script), script.title, script.original ? 'example' : 'yours', 'terminal', 'script'),
        ),
      },
      ...(ofContract ??= contractGroups()),
    ],
    [held, scripts],
  );
}

function place(href: string, label: string, description: string, icon: IconName, keywords = ''): Found {
  return { id: href, label, description, keywords, icon: <Icon name={icon} />, run: () => navigate(href) };
}

/** Endpoints by service, their parameters, and their examples as test cases. */
function contractGroups(): SearchGroup<Found>[] {
  const endpointHref = ({ service, operation }: Route) => `/api/${service}/${operation}`;
  return [
    ...serviceNames.map((service) => ({
      group: `API: ${contract[service].title}`,
      entries: routes
        .filter((route) => route.service === service)
        .map((route): Found => ({
          id: endpointHref(route),
          label: route.path,
          description: route.endpoint.summary,
          keywords: `${route.operation} ${route.endpoint.method}`,
          icon: <Method method={route.endpoint.method} />,
          run: () => navigate(endpointHref(route)),
        })),
    })),
    {
      group: 'Sampling parameters',
      entries: PARAMETER_NAMES.map((name) =>
        place(parameterHref(name), name, 'in the playground', 'playground', name.replaceAll('_', ' ')),
      ),
    },
    {
      group: 'Parameters of endpoints',
      entries: routes.flatMap((route) =>
        fieldsOf(jsonSchemaOf(route.endpoint.input, 'input')).map(([name, description]) =>
          place(
            `${endpointHref(route)}?field=${encodeURIComponent(`/${name}`)}`,
            name,
            `${route.endpoint.method} ${route.path}${description ? `: ${description}` : ''}`,
            'api',
            name.replaceAll('_', ' '),
          ),
        ),
      ),
    },
    {
      group: 'Test cases',
      entries: routes.flatMap((route) =>
        route.endpoint.examples.map(({ name, description }) =>
          place(
            caseHref({ key: keyOf(route.service, name) }),
            name,
            `${route.endpoint.method} ${route.path}: ${description}`,
            'tests',
            'test case',
          ),
        ),
      ),
    },
  ];
}

/** Names at the top of an input, in every variant that it may have. */
function fieldsOf(schema: JsonSchema): [name: string, description: string][] {
  const variants = [schema, ...(schema.anyOf ?? schema.oneOf ?? [])].map((each) => resolve(each, schema));
  return [
    ...new Map(
      variants.flatMap(({ properties = {} }) => Object.entries(properties).map(([name, field]) => [name, field.description ?? ''])),
    ),
  ];
}

/** What the services hold now; one that does not answer is left out. */
function useHeld(opened: boolean): readonly SearchGroup<Found>[] {
  const client = useClient();
  const { worker } = useHealth();
  const { data } = useQuery({
    queryKey: ['search', 'held'],
    enabled: opened && worker === 'ready',
    staleTime: 0,
    retry: false,
    queryFn: async ({ signal }) => {
      const [resources, kernels, plans, experiments] = await Promise.all([
        direct(client, 'GET', 'code', 'resources', {}, signal).catch(() => null),
        direct(client, 'GET', 'computation', 'kernels', {}, signal).catch(() => null),
        direct(client, 'GET', 'computation', 'plans', {}, signal).catch(() => null),
        direct(client, 'GET', 'computation', 'experiments', {}, signal).catch(() => null),
      ]);
      const groups: SearchGroup<Found>[] = [
        {
          group: 'Code',
          entries: (resources?.resources ?? [])
            .filter(({ kind }) => kind !== 'script')
            .map(({ id, title, patched }) =>
              place(`/code/${id}`, title, `${id}${patched ? ', patched' : ''}`, 'code', 'code resource patch'),
            ),
        },
        {
          group: 'Kernels',
          entries: (kernels?.kernels ?? []).map(({ id, title }) =>
            place(`/computation/kernels/${encodeURIComponent(id)}`, title, id, 'computation', 'kernel'),
          ),
        },
        {
          group: 'Plans',
          entries: (plans?.plans ?? []).map(({ id, name }) =>
            place(`/computation/plans/${encodeURIComponent(id)}`, name, id, 'layers', 'execution plan'),
          ),
        },
        {
          group: 'Experiments',
          entries: (experiments?.experiments ?? []).map(({ id, name, state }) =>
            place(addressOf({ id }), name, state, 'tests', 'experiment'),
          ),
        },
      ];
      return groups;
    },
  });
  return data ?? NONE;
}

const NONE: readonly SearchGroup<Found>[] = [];
