/** The RESTful transport's client: builds requests from the contract, reads envelopes, problems and event streams. */
import { messageOf } from '../../environment/thrown.ts';
import {
  ApiError,
  encodeTensors,
  type Envelope,
  type ErrorCode,
  ERRORS,
  holdsTensors,
  jsonInput,
  parseInput,
  pathParameters,
  type Problem,
  type Route,
  SCOPES_HEADER,
  withTypedTensors,
} from '../../contract/index.ts';
import { newId } from '../../environment/ids.ts';
import { type CallOptions, doesNotStream, type ServerEvent, streamsInstead, type Transport } from '../transport.ts';
import { readSse } from './sse.ts';

/** Sends a request. It takes what makes one, so that it can be made and sent again. */
export type Fetcher = (makeRequest: () => Request) => Promise<Response>;

/** What an explorer shows of a call: the request as built and the response as it came. */
export interface RawExchange {
  response: Response;
  serializeMs: number;
  transportMs: number;
}

export class FetchClient implements Transport {
  /**
   * @param apiBase absolute URL of the API, ending in `/api`
   * @param onAbort told the `x-request-id` of a request whose signal fired, since an abort does not pass a service worker
   * @param ownToken what each request shows to the guard; asked anew each time
   */
  constructor(
    readonly fetcher: Fetcher,
    readonly apiBase: string,
    readonly onAbort: (requestId: string) => void = () => {},
    private readonly ownToken: () => string | null = () => null,
  ) {}

  async call(route: Route, input: object | undefined, options?: CallOptions): Promise<unknown> {
    return (await this.envelope(route, input, options)).data;
  }

  async envelope(route: Route, input: object | undefined, options: CallOptions = {}): Promise<Envelope<unknown>> {
    const { response } = await this.exchange(route, input, options);
    if (!response.ok) throw await problemOf(response);
    if (isEventStream(response)) {
      // Nobody reads the events: what makes them ends.
      await response.body?.cancel();
      throw streamsInstead(route);
    }
    const envelope = (await response.json().catch(failed(options.signal))) as Envelope<unknown>;
    return { ...envelope, data: received(route, envelope.data) };
  }

  async *stream(route: Route, input: object | undefined, options: CallOptions = {}): AsyncGenerator<ServerEvent> {
    const { response } = await this.exchange(route, { ...input, stream: true }, options);
    if (!response.ok) throw await problemOf(response);
    if (!isEventStream(response) || !response.body) throw doesNotStream(route);
    try {
      for await (const { event, data } of readSse(response.body)) yield { event, data: received(route, data) };
    } catch (error) {
      // A stream that its reader aborts ends, on both transports.
      if (!options.signal?.aborted) throw ApiError.from(error);
    }
  }

  /** @throws ApiError cancelled when the signal fires, internal when nothing answers */
  async exchange(
    route: Route,
    input: object | undefined,
    { signal, scopes, token = this.ownToken() }: CallOptions = {},
  ): Promise<RawExchange> {
    const start = performance.now();
    const requestId = newId();
    signal?.addEventListener('abort', () => this.onAbort(requestId), { once: true });
    let serializeMs = 0;
    const response = await this.fetcher(() => {
      const making = performance.now();
      const request = buildRequest(this.apiBase, route, input, { requestId, token, ...(signal && { signal }), ...(scopes && { scopes }) });
      serializeMs = performance.now() - making;
      return request;
    }).catch(failed(signal));
    return { response, serializeMs, transportMs: performance.now() - start - serializeMs };
  }
}

const isEventStream = ({ headers }: Response): boolean => headers.get('content-type')?.startsWith('text/event-stream') ?? false;

/** Data as direct mode gives them: tensors, which travelled as text, have their typed arrays again. */
export const received = (route: Route, data: unknown): unknown => (holdsTensors(route.endpoint) ? withTypedTensors(data) : data);

/** The reason of an abort may be anything: what counts is that the caller's signal fired. */
const failed =
  (signal: AbortSignal | undefined) =>
  (error: unknown): never => {
    throw signal?.aborted ? new ApiError('cancelled', 'The caller cancelled the request.', [], { cause: error }) : ApiError.from(error);
  };

/** @throws ApiError validation_failed for an input that is no JSON */
export function buildRequest(
  apiBase: string,
  route: Route,
  input: object | undefined,
  { requestId, signal, token, scopes }: CallOptions & { requestId: string; token: string | null },
): Request {
  const { endpoint } = route;
  // What is no object says so, as in direct mode.
  const given: object = jsonInput(input ?? {});
  const fields: Record<string, unknown> = { ...(isFields(given) ? given : parseInput(endpoint.input, given)) };
  let path = route.path;
  for (const name of pathParameters(endpoint.path)) {
    // As direct mode says it.
    if (typeof fields[name] === 'object') parseInput(endpoint.input, fields);
    const value = String(fields[name] ?? '');
    // An address can't hold these: it would be another one.
    if (/^\.{0,2}$/.test(value)) throw new ApiError('not_found', `${endpoint.method} ${path}: nothing has the ${name} "${value}".`);
    path = path.replace(`{${name}}`, encodeURIComponent(value));
    delete fields[name];
  }
  const url = new URL(apiBase + path);
  const headers: Record<string, string> = {
    'x-request-id': requestId,
    ...(token !== null && { authorization: `Bearer ${token}` }),
    ...(scopes && { [SCOPES_HEADER]: scopes.join(' ') }),
  };
  const init: RequestInit = { method: endpoint.method, headers, ...(signal && { signal }) };
  if (endpoint.method === 'POST' || endpoint.method === 'PUT') {
    const form = endpoint.multipart ? uploadForm(fields) : null;
    if (form) init.body = form;
    else {
      init.body = toJson(fields);
      headers['content-type'] = 'application/json';
    }
  } else {
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) url.searchParams.set(name, typeof value === 'string' ? value : toJson(value));
    }
  }
  return new Request(url, init);
}

const isFields = (given: unknown): boolean => typeof given === 'object' && !Array.isArray(given) && !ArrayBuffer.isView(given);

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value, encodeTensors);
  } catch (error) {
    throw new ApiError('validation_failed', `The input can't be written as JSON: ${messageOf(error)}.`);
  }
}

/** A form, when the input uploads Blobs; JSON serves otherwise. */
function uploadForm(fields: Record<string, unknown>): FormData | null {
  const source = fields['source'] as { kind?: string; files?: { path: string; data: unknown }[] } | undefined;
  if (source?.kind !== 'upload' || !source.files?.some(({ data }) => data instanceof Blob)) return null;
  const form = new FormData();
  const { source: _, ...rest } = fields;
  form.set('json', JSON.stringify(rest));
  for (const { path, data } of source.files) form.append(path, data instanceof Blob ? data : new Blob([data as string]), path);
  return form;
}

/** The problem of a failed response; anything that is no problem document is explained as what it is. */
export async function problemOf(response: Response): Promise<ApiError> {
  const text = await response.text();
  if (response.headers.get('content-type')?.startsWith('application/problem+json'))
    return ApiError.fromProblem(JSON.parse(text) as Problem);
  const code = (Object.keys(ERRORS) as ErrorCode[]).find((key) => ERRORS[key].status === response.status) ?? 'internal';
  return new ApiError(
    code,
    `The server answered ${response.status} ${response.headers.get('content-type') ?? 'without a type'} instead of the API's JSON: ${text.slice(0, 120)}`,
  );
}
