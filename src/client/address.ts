/** What a caller names by a path: an endpoint as the contract writes it, or one with its parameters filled in, `detokenize/tok_1`. */
import {
  ApiError,
  closest,
  type Input,
  type Method,
  type OperationAt,
  type Output,
  type PathOf,
  pathParameters,
  type Route,
  routes,
  type ServiceName,
} from '../contract/index.ts';

type Routes = Partial<Record<string, Record<string, Route>>>;
/** By method, which may be any text of a caller without types. */
const byMethod: Record<Method, Routes> & Partial<Record<string, Routes>> = { GET: {}, POST: {}, PUT: {}, DELETE: {} };
for (const route of routes) (byMethod[route.endpoint.method][route.service] ??= {})[route.endpoint.path] = route;

/** The parameters in `detokenize/{id}`. */
type ParametersOf<P> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | ParametersOf<Rest> : never;

/** `detokenize/{id}` with any text in place of a parameter. */
type Filled<P extends string> = P extends `${infer Before}{${string}}${infer After}` ? `${Before}${string}${Filled<After>}` : P;

type FitsPart<P, A> = P extends `{${string}}` ? true : P extends A ? (A extends P ? true : false) : false;
/** Whether an address is a path with its parameters filled in; part by part, since a parameter holds no slash. */
type Fits<P, A> = P extends `${infer First}/${infer Rest}`
  ? A extends `${infer AFirst}/${infer ARest}`
    ? FitsPart<First, AFirst> extends true
      ? Fits<Rest, ARest>
      : false
    : false
  : A extends `${string}/${string}`
    ? false
    : FitsPart<P, A>;

/** What may stand for an endpoint of a service: `'detokenize/{id}'`, its parameters in the input, or `'detokenize/tok_1'`. */
export type AddressOf<S extends ServiceName, M extends Method> = PathOf<S, M> | Filled<PathOf<S, M>>;
/** The path that an address stands for. */
type PathAt<S extends ServiceName, M extends Method, A> =
  A extends PathOf<S, M> ? A : { [P in PathOf<S, M>]: Fits<P, A> extends true ? P : never }[PathOf<S, M>];
type Fields<S extends ServiceName, M extends Method, P extends PathOf<S, M>> = Input<S, OperationAt<S, M, P>>;
/** What is still to be given: parameters that stand in the address are not. */
export type InputAt<S extends ServiceName, M extends Method, A> =
  A extends PathOf<S, M> ? Fields<S, M, A> : Omit<Fields<S, M, PathAt<S, M, A>>, ParametersOf<PathAt<S, M, A>>>;
export type OutputAt<S extends ServiceName, M extends Method, A> = Output<S, OperationAt<S, M, PathAt<S, M, A>>>;

/** The endpoint at a path as the contract writes it, if there is one. */
export const routeAtPath = (method: Method, service: string, path: string): Route | undefined => byMethod[method]?.[service]?.[path];

/** An endpoint with the parameters that stood in its address. */
export interface Addressed {
  route: Route;
  parameters: Readonly<Record<string, string>>;
}

/**
 * What is at an address; parameters are percent-decoded, as in any address.
 * @throws ApiError not_found, naming the paths that there are
 */
export function addressed(method: Method, service: string, address: string): Addressed {
  const exact = routeAtPath(method, service, address);
  if (exact) return { route: exact, parameters: {} };
  const parts = address.split('/');
  for (const route of Object.values(byMethod[method]?.[service] ?? {})) {
    const parameters = parametersIn(route.endpoint.path, parts);
    if (parameters) return { route, parameters };
  }
  throw noSuchPath(method, service, address);
}

/**
 * The whole input.
 * @throws ApiError validation_failed where the input says another parameter than the address
 */
export function wholeInput<I extends object | undefined>({ route, parameters }: Addressed, input: I): I {
  const entries = Object.entries(parameters);
  if (entries.length === 0) return input;
  const given = (input ?? {}) as Readonly<Record<string, unknown>>;
  for (const [name, value] of entries)
    if (given[name] !== undefined && given[name] !== value)
      throw new ApiError(
        'validation_failed',
        `"${name}" is "${String(given[name])}" in the input and "${value}" in the path ${route.endpoint.path}; leave it out of the input.`,
        [{ path: `/${name}`, message: 'differs from the path.' }],
      );
  return { ...input, ...parameters };
}

/** @throws ApiError not_found, naming the paths that there are */
export function routeAt(method: Method, service: string, path: string): Route {
  const route = routeAtPath(method, service, path);
  if (!route) throw noSuchPath(method, service, path);
  return route;
}

function noSuchPath(method: Method, service: string, path: string): ApiError {
  const known = Object.keys(byMethod[method]?.[service] ?? {});
  const meant = closest(path, known);
  return new ApiError(
    'not_found',
    `No ${method} ${service}/${path}.${meant === null ? '' : ` Did you mean ${meant}?`}${known.length > 0 ? ` There are: ${known.join(', ')}.` : ''}`,
  );
}

function parametersIn(path: string, parts: readonly string[]): Record<string, string> | null {
  const names = path.split('/');
  if (names.length !== parts.length) return null;
  const parameters: Record<string, string> = {};
  for (const [i, name] of names.entries()) {
    const part = parts[i]!;
    const [parameter] = pathParameters(name);
    if (parameter === undefined ? part !== name : part === '') return null;
    if (parameter !== undefined) parameters[parameter] = decoded(part);
  }
  return parameters;
}

/** A part that is no percent-encoded text stands for itself. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
