/** What can be run: the examples that the services give out, and cases of the user's own, in one shape. */
import { type Method, type Route, routes, type Scope, type ServiceName, serviceNames } from '../../contract/index.ts';

export interface TestCase {
  /** `tokenizer/simple text`: names are unique within a service. */
  key: string;
  service: ServiceName;
  name: string;
  description: string;
  /** `POST /tokenizer/tokenize` */
  endpoint: string;
  operation: string;
  method: Method;
  input: unknown;
  expected_output?: unknown;
  expected_error?: string;
  validation_rules?: Record<string, string>;
  tolerance: number;
  /** Called with no more than these; left out: all that the page has. */
  scopes?: Scope[];
  /** Cases of the same service that leave what this one needs, in order. */
  after: readonly string[];
  /** Written by the user; it runs by calling its endpoint. */
  own: boolean;
}

/** An example as `GET /{service}/examples` answers it. */
export interface ListedExample {
  name: string;
  description: string;
  endpoint: string;
  input?: unknown;
  expected_output?: unknown;
  expected_error?: string | undefined;
  validation_rules?: Record<string, string> | undefined;
  tolerance?: number | undefined;
  scopes?: Scope[] | undefined;
}

export const keyOf = (service: string, name: string): string => `${service}/${name}`;

export const endpointOf = (route: Route): string => `${route.endpoint.method} ${route.path}`;

export const routeOf = (endpoint: string): Route | undefined => routes.find((route) => endpointOf(route) === endpoint);

/** `undefined` where the contract of this page has no such endpoint. */
export function caseOf(example: ListedExample, own = false): TestCase | undefined {
  const route = routeOf(example.endpoint);
  if (!route) return undefined;
  const { name, description, endpoint, input, expected_error, validation_rules, tolerance = 0, scopes } = example;
  return {
    // A name of the user's own may be one that the service uses too.
    key: own ? keyOf(route.service, `${name} (yours)`) : keyOf(route.service, name),
    service: route.service,
    name,
    description,
    endpoint,
    operation: route.operation,
    method: route.endpoint.method,
    input: input ?? {},
    ...('expected_output' in example && example.expected_output !== undefined && { expected_output: example.expected_output }),
    ...(expected_error !== undefined && { expected_error }),
    ...(validation_rules !== undefined && { validation_rules }),
    tolerance,
    ...(scopes && { scopes }),
    after: own ? [] : chainOf(route.service, name),
    own,
  };
}

/** Names that must run before a case, those that they need first. */
function chainOf(service: ServiceName, name: string, seen = new Set<string>()): string[] {
  const examples = routes.filter((route) => route.service === service).flatMap(({ endpoint }) => endpoint.examples);
  const chain: string[] = [];
  for (const before of examples.find((example) => example.name === name)?.after ?? []) {
    if (seen.has(before)) continue;
    seen.add(before);
    chain.push(...chainOf(service, before, seen), before);
  }
  return chain;
}

/** In the contract's order: services, then their cases as they came, then the user's own. */
export function inOrder(listed: readonly TestCase[], own: readonly TestCase[]): TestCase[] {
  return serviceNames.flatMap((service) => [...listed, ...own].filter((each) => each.service === service));
}

/** The address of a case in this panel. */
export const hrefOf = ({ key }: Pick<TestCase, 'key'>): string => {
  const slash = key.indexOf('/');
  return `/tests/${key.slice(0, slash)}/${encodeURIComponent(key.slice(slash + 1))}`;
};

/** The key in an address of this panel; `null` where it names no case. */
export function keyInPath(path: string): string | null {
  const [, panel, service, name] = path.split('/');
  if (panel !== 'tests' || !service || !name) return null;
  try {
    return keyOf(service, decodeURIComponent(name));
  } catch {
    return null;
  }
}
