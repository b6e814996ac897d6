/** What Ctrl-K finds by the contract: endpoints, every field however deep, named values, other names, examples. */
import { contract, type Route, routes, serviceNames } from '../../contract/index.ts';
import { navigate } from '../kit/address/hash-location.ts';
import { jsonSchemaOf } from '../kit/json/json-schema.ts';
import { Method } from '../kit/method.tsx';
import { PARAMETER_NAMES, parameterHref } from '../playground/parameters.ts';
import { hrefOf as caseHref, keyOf } from '../tests/cases.ts';
import { type Found, place } from './search-entry.tsx';
import { fieldsIn, type SchemaField } from './search-fields.ts';
import type { SearchGroup } from './search-ranking.ts';

/** The contract does not change while the page is open. */
let made: readonly SearchGroup<Found>[] | undefined;

export const contractGroups = (): readonly SearchGroup<Found>[] => (made ??= make());

const hrefOf = ({ service, operation }: Route): string => `/api/${service}/${operation}`;
const named = ({ endpoint, path }: Route): string => `${endpoint.method} ${path}`;
const words = (name: string): string => name.replaceAll('_', ' ');

function make(): SearchGroup<Found>[] {
  const inputs = routes.map((route) => ({ route, fields: fieldsIn(jsonSchemaOf(route.endpoint.input, 'input')) }));
  const outputs = routes.map((route) => ({
    route,
    fields: [route.endpoint.output, ...(route.endpoint.event ? [route.endpoint.event] : [])].flatMap((type) =>
      fieldsIn(jsonSchemaOf(type, 'output')),
    ),
  }));
  const generate = inputs.find(({ route }) => route.service === 'model' && route.operation === 'generate')?.fields ?? [];
  return [
    ...serviceNames.map((service) => ({
      group: `API: ${contract[service].title}`,
      entries: routes.filter((route) => route.service === service).map(endpointEntry),
    })),
    {
      group: 'Sampling parameters',
      entries: PARAMETER_NAMES.map((name) => {
        const others = generate.find(({ path }) => path === name)?.otherNames ?? [];
        return place({
          href: parameterHref(name),
          label: name,
          description: ['in the playground', ...(others.length > 0 ? [`also called ${others.join(', ')}`] : [])].join('; '),
          icon: 'playground',
          keywords: words(name),
          otherNames: others,
        });
      }),
    },
    {
      group: 'Parameters of endpoints',
      entries: inputs.flatMap(({ route, fields }) => fields.map((field) => fieldEntry(route, field))),
    },
    { group: 'Values', entries: inputs.flatMap(({ route, fields }) => fields.flatMap((field) => valueEntries(route, field))) },
    {
      group: 'Test cases',
      entries: routes.flatMap((route) =>
        route.endpoint.examples.map(({ name, description }) =>
          place({
            href: caseHref({ key: keyOf(route.service, name) }),
            label: name,
            description: `${named(route)}: ${description}`,
            icon: 'tests',
            keywords: 'test case',
          }),
        ),
      ),
    },
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
