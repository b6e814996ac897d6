/** The whole API in one value, and the types that derive from it. */
import type { z } from 'zod';
import { auth } from './auth.ts';
import { code } from './code.ts';
import { computation } from './computation.ts';
import type { CallContext } from './context.ts';
import type { Endpoint, Method, ServiceDefinition } from './endpoint.ts';
import { memory } from './memory.ts';
import { model } from './model.ts';
import { scheduler } from './scheduler.ts';
import { tokenizer } from './tokenizer.ts';

export const contract = { tokenizer, model, memory, scheduler, computation, code, auth };

export type Contract = typeof contract;
export type ServiceName = keyof Contract;
export const serviceNames = Object.keys(contract) as ServiceName[];

type Endpoints<S extends ServiceName> = Contract[S]['endpoints'];

/** Operations of a service: the names of its methods. */
export type Operation<S extends ServiceName> = keyof Endpoints<S> & string;
export type Input<S extends ServiceName, O extends Operation<S>> = Endpoints<S>[O] extends { input: infer I extends z.ZodType }
  ? z.input<I>
  : never;
export type ParsedInput<S extends ServiceName, O extends Operation<S>> = Endpoints<S>[O] extends { input: infer I extends z.ZodType }
  ? z.output<I>
  : never;
export type Output<S extends ServiceName, O extends Operation<S>> = Endpoints<S>[O] extends { output: infer T extends z.ZodType }
  ? z.output<T>
  : never;
/** An event of the operation's stream; `never` where it has none. */
export type StreamEvent<S extends ServiceName, O extends Operation<S>> = Endpoints<S>[O] extends { event?: infer E }
  ? [NonNullable<E>] extends [z.ZodType]
    ? z.output<NonNullable<E>>
    : never
  : never;

/** The operations of a service whose method is M, by path. */
type ByPath<S extends ServiceName, M extends Method> = {
  [O in Operation<S> as Endpoints<S>[O] extends { method: M; path: infer P extends string } ? P : never]: O;
};
/** Paths that a service has under a method: `'tokenize'`, `'detokenize/{id}'`. */
export type PathOf<S extends ServiceName, M extends Method> = keyof ByPath<S, M> & string;
export type OperationAt<S extends ServiceName, M extends Method, P extends PathOf<S, M>> = ByPath<S, M>[P] & Operation<S>;

/** State that `GET /{service}/info` shows. */
export type ServiceState<S extends ServiceName> = Output<S, 'info' & Operation<S>> extends { state: infer T } ? T : never;

/** What implements a service: a method per operation. The three common ones are given to every service. */
export type Implementation<S extends ServiceName> = {
  [O in Exclude<Operation<S>, 'info' | 'examples' | 'test'>]: (
    input: ParsedInput<S, O>,
    context: CallContext,
  ) => Result<S, O> | Promise<Result<S, O>>;
} & {
  /** The live state for `GET /{service}/info`. */
  state(): ServiceState<S> | Promise<ServiceState<S>>;
};

type Result<S extends ServiceName, O extends Operation<S>> = [StreamEvent<S, O>] extends [never]
  ? Output<S, O>
  : Output<S, O> | AsyncIterable<StreamEvent<S, O>>;

/** An endpoint with its place in the contract. */
export interface Route {
  service: ServiceName;
  operation: string;
  /** `/tokenizer/detokenize/{id}` */
  path: string;
  endpoint: Endpoint;
}

/** Every endpoint of every service, in the contract's order. */
export const routes: readonly Route[] = Object.values<ServiceDefinition>(contract).flatMap(({ name, endpoints }) =>
  Object.entries(endpoints).map(([operation, endpoint]) => ({
    service: name as ServiceName,
    operation,
    path: `/${name}/${endpoint.path}`,
    endpoint,
  })),
);

export const API_VERSION = '1.1.0';

export type { CallContext, ModelMetadata } from './context.ts';
export {
  type CaseResult,
  type Endpoint,
  type Example,
  inputDefaults,
  type Method,
  pathParameters,
  type ServiceDefinition,
} from './endpoint.ts';
export type { Envelope } from './envelope.ts';
export { holdsTensors } from './holds-tensors.ts';
export {
  faultOf,
  faultsOf,
  invalidInput,
  type NumberBounds,
  numberWithin,
  parseInput,
  placeName,
  problemAt,
  shownNumber,
} from './invalid-input.ts';
export { jsonInput, MAX_INPUT_DEPTH } from './json-input.ts';
export { ALSO_CALLED, closest } from './known-names.ts';
export { ApiError, type ErrorCode, type ErrorItem, ERRORS, type Problem, problemSchema } from './errors.ts';
export {
  allows,
  assertScope,
  grantedScopes,
  highest,
  HOST,
  type Principal,
  type Scope,
  SCOPES,
  scopes,
  SCOPES_HEADER,
  withLess,
} from './scope.ts';
export { holdsSecrets, withoutSecrets } from './secrets.ts';
export {
  type ArrayTensor,
  base64ToBytes,
  bytesToBase64,
  encodeTensors,
  type Tensor,
  TENSOR_JSON_LIMIT,
  tensorData,
  type TensorData,
  type TensorDtype,
  transferables,
  withTypedTensors,
} from './tensor.ts';
