/** What Ctrl-K finds of the API: endpoints, every field however deep, named values, other names, hook points. */
import { contract, type Route, routes, serviceNames } from '../../contract/index.ts';
import { apiBase } from '../kit/address/api-base.ts';
import { navigate } from '../kit/address/hash-location.ts';
import { Icon } from '../kit/icons.tsx';
import { jsonSchemaOf } from '../kit/json/json-schema.ts';
import { Method } from '../kit/method.tsx';
import { type Found, place } from '../kit/search/entry.tsx';
import { fieldsIn, type SchemaField } from '../kit/search/schema-fields.ts';
import type { PanelSearch } from '../kit/search/panel-search.ts';
import type { SearchGroup } from '../kit/search/ranking.ts';

export const search: PanelSearch = {
  groups,
  held: async (direct, signal) => {
    const { state } = await direct.get('model', 'info', {}, { signal });
    return [
      {
        group: 'Hook points',
        entries: (state.hook_points ?? []).map(({ name, shape, description }) =>
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
  },
};

const hrefOf = ({ service, operation }: Route): string => `/api/${service}/${operation}`;
const named = ({ endpoint, path }: Route): string => `${endpoint.method} ${path}`;
const words = (name: string): string => name.replaceAll('_', ' ');

function groups(): SearchGroup<Found>[] {
  const inputs = routes.map((route) => ({ route, fields: fieldsIn(jsonSchemaOf(route.endpoint.input, 'input')) }));
  const outputs = routes.map((route) => ({
    route,
    fields: [route.endpoint.output, ...(route.endpoint.event ? [route.endpoint.event] : [])].flatMap((type) =>
      fieldsIn(jsonSchemaOf(type, 'output')),
    ),
  }));
  return [
    ...serviceNames.map((service) => ({
      group: `API: ${contract[service].title}`,
      entries: routes.filter((route) => route.service === service).map(endpointEntry),
    })),

    {
      group: 'Parameters of endpoints',
      entries: inputs.flatMap(({ route, fields }) => fields.map((field) => fieldEntry(route, field))),
    },
    { group: 'Values', entries: inputs.flatMap(({ route, fields }) => fields.flatMap((field) => valueEntries(route, field))) },

    {
      group: 'Fields of answers',
      entries: outputs.flatMap(({ route, fields }) =>
        fields.map(({ path, description }) =>
          place({
            id: `${hrefOf(route)}#${path}`,
            href: hrefOf(route),
            label: path,
            description: [`answer of ${named(route)}`, description].filter(Boolean).join(': '),
            icon: 'api',
            keywords: words(path),
          }),
        ),
      ),
    },
    {
      group: 'Documents',
      entries: [
        {
          id: 'openapi',
          label: 'OpenAPI document',
          description: 'The whole contract as JSON, in a tab of its own',
          keywords: 'openapi.json swagger specification schema',
          icon: <Icon name="api" />,
          run: () => void open(`${apiBase()}/openapi.json`, '_blank', 'noopener'),
        },
      ],
    },
  ];
}

const endpointEntry = (route: Route): Found => ({
  id: hrefOf(route),
  label: route.path,
  description: route.endpoint.summary,
  // With its address as a browser writes it, and the codes of its errors: who meets one finds what answers it.
  keywords: [route.operation, route.endpoint.method, `api${route.path}`, ...route.endpoint.errors].join(' '),
  icon: <Method method={route.endpoint.method} />,
  run: () => navigate(hrefOf(route)),
});

const fieldHref = (route: Route, { pointer }: SchemaField): string => `${hrefOf(route)}?field=${encodeURIComponent(pointer)}`;

const fieldEntry = (route: Route, field: SchemaField): Found => {
  const { path, description, otherNames } = field;
  return place({
    id: `${hrefOf(route)}?${path}`,
    href: fieldHref(route, field),
    label: path,
    description: [`${named(route)}${otherNames.length > 0 ? `, also called ${otherNames.join(', ')}` : ''}`, description]
      .filter(Boolean)
      .join(': '),
    icon: 'api',
    keywords: words(path),
    otherNames,
  });
};

const valueEntries = (route: Route, field: SchemaField): Found[] =>
  field.values.map((value) =>
    place({
      id: `${hrefOf(route)}?${field.path}=${value}`,
      href: fieldHref(route, field),
      label: value,
      description: `value of ${field.path} in ${named(route)}`,
      icon: 'api',
      keywords: words(value),
    }),
  );
