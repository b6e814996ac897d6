/** The page's end of the port: direct mode's transport (one hop to the worker), and the carrier of HTTP requests for MSW. */
import { messageOf } from '../../environment/thrown.ts';
import { ApiError, jsonInput, type Route, transferables } from '../../contract/index.ts';
import { type CallOptions, doesNotStream, type ServerEvent, streamsInstead, type Transport } from '../transport.ts';
import { NoteList } from './note-list.ts';
import type { ToPage, ToWorker, WireRequest, WireResponse } from './protocol.ts';
import { WireStream } from './wire-stream.ts';

type Listener = (message: ToPage) => void;

export interface ClientPort {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/** As `Response` takes it. */
type CarriedResponse = Omit<WireResponse, 'body'> & { body: ArrayBuffer | ReadableStream<Uint8Array> | null };

/** HTTP requests whose ids are remembered, so that they can be aborted; the oldest are forgotten first. */
const KEPT_HTTP_IDS = 256;

const lent = ({ scopes }: CallOptions) => (scopes ? { scopes } : {});

/** The worker has other messages for its page, with ids of their own. */
const ANSWERS: ReadonlySet<string> = new Set<ToPage['kind']>([
  ...(['unreadable', 'result', 'problem', 'event', 'end', 'response', 'chunk', 'note'] as const),
]);

export class PortClient implements Transport {
  #next = 1;
  readonly #httpIds = new Map<string, number>();
  /** HTTP requests under way, and who waits for there being none. */
  readonly #carried = new Set<number>();
  readonly #whenQuiet: (() => void)[] = [];
  readonly #listeners = new Map<number, Listener>();
  #port: ClientPort | null = null;
  /** Sent before there is a port. */
  readonly #waiting: { message: ToWorker; transfer: Transferable[] }[] = [];
  /** Why nothing is taken; null while it is, or waits. */
  #refusal: ApiError | null = null;
  readonly #notes = new NoteList();
  /** Timings of the last call, in ms: what the worker measured. */
  lastTimings: Record<string, number> = {};

  /** From now on calls go to this port; those made before are sent now. */
  attach(port: ClientPort): void {
    this.#port = port;
    port.addEventListener('message', ({ data }: MessageEvent<ToPage | null>) => {
      if (this.#port !== port || !data || !ANSWERS.has(data.kind)) return;
      if (data.kind === 'unreadable') this.#post({ kind: 'roll', id: 0, ids: [...this.#listeners.keys()] });
      else if (data.kind !== 'note') this.#listeners.get(data.id)?.(data);
      else if (this.#listeners.has(data.id)) this.#notes.add(data.id, data.event);
    });
    for (const { message, transfer } of this.#waiting.splice(0)) this.#deliver(port, message, transfer);
  }

  /** The worker is gone: everything that was sent to it ends with this error, and so does what is sent from now on, until `reopen`. */
  close(error: ApiError): void {
    this.#port = null;
    this.#refusal = error;
    this.#waiting.length = 0;
    for (const [id, listener] of this.#listeners)
      listener({ kind: 'problem', id, problem: this.#notes.told(id, error).toProblem(`d${id}`) });
    this.#notes.clear();
  }

  /** Another worker is on its way: what is sent from now on waits for it. */
  reopen(): void {
    this.#refusal = null;
  }

  call(route: Route, input: object | undefined, options: CallOptions = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = this.#send(
        { kind: 'call', id: 0, service: route.service, operation: route.operation, input: input && jsonInput(input), ...lent(options) },
        options.signal,
        (message) => {
          this.#listeners.delete(id);
          if (message.kind === 'result') {
            this.lastTimings = message.timings;
            resolve(message.data);
          } else if (message.kind === 'problem') reject(ApiError.fromProblem(message.problem));
          else {
            // Nobody reads the events: what makes them ends.
            this.#post({ kind: 'abort', id });
            reject(streamsInstead(route));
          }
        },
      );
      const cancelled = () => {
        if (this.#listeners.delete(id)) reject(new ApiError('cancelled', 'The caller cancelled the request.'));
      };
      options.signal?.addEventListener('abort', cancelled, { once: true });
      if (options.signal?.aborted) cancelled();
    });
  }

  async *stream(route: Route, input: object | undefined, options: CallOptions = {}): AsyncGenerator<ServerEvent> {
    const inbox: ToPage[] = [];
    let wake = () => {};
    const id = this.#send(
      {
        kind: 'call',
        id: 0,
        service: route.service,
        operation: route.operation,
        input: jsonInput({ ...input, stream: true }),
        ...lent(options),
      },
      options.signal,
      (message) => {
        inbox.push(message);
        wake();
      },
    );
    let ended = false;
    try {
      for (;;) {
        const message = inbox.shift();
        if (!message) {
          await new Promise<void>((resolve) => (wake = resolve));
        } else if (message.kind === 'event') {
          yield message.event;
        } else {
          ended = true;
          if (message.kind === 'problem') throw ApiError.fromProblem(message.problem);
          if (message.kind === 'result') throw doesNotStream(route);
          return;
        }
      }
    } finally {
      this.#listeners.delete(id);
      if (!ended) this.#post({ kind: 'abort', id });
    }
  }

  /** Carries an HTTP request to the REST app in the worker. */
  http(request: WireRequest): Promise<CarriedResponse> {
    return new Promise((resolve, reject) => {
      const requestId = request.headers.find(([name]) => name === 'x-request-id')?.[1];
      const stream = new WireStream(() => this.#post({ kind: 'leave', id }));
      const id = this.#send({ kind: 'http', id: 0, request }, undefined, (message) => {
        if (message.kind === 'chunk') return stream.write(message.bytes);
        const begins = message.kind === 'response' && message.response.body === 'stream';
        if (!begins) {
          this.#listeners.delete(id);
          this.#carried.delete(id);
          if (this.#carried.size === 0) for (const tell of this.#whenQuiet.splice(0)) tell();
        }
        if (message.kind === 'response') {
          const { body, ...head } = message.response;
          resolve({ ...head, body: body === 'stream' ? stream.body : body });
        } else if (message.kind === 'end') stream.end();
        else if (message.kind === 'problem') {
          stream.fail(message.problem);
          reject(ApiError.fromProblem(message.problem));
        } else reject(new ApiError('internal', 'The worker answered out of turn.'));
      });
      this.#carried.add(id);
      if (requestId) {
        this.#httpIds.set(requestId, id);
        if (this.#httpIds.size > KEPT_HTTP_IDS) this.#httpIds.delete(this.#httpIds.keys().next().value!);
      }
    });
  }

  /** Resolves when no HTTP request is under way. */
  httpQuiet(): Promise<void> {
    return this.#carried.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#whenQuiet.push(resolve));
  }

  /** Aborts an HTTP request that was carried, by its `x-request-id`: a service worker lets no abort through. */
  abortHttp(requestId: string): void {
    const id = this.#httpIds.get(requestId);
    if (id !== undefined) this.#post({ kind: 'abort', id });
  }

  #send(message: Extract<ToWorker, { kind: 'call' | 'http' }>, signal: AbortSignal | undefined, listener: Listener): number {
    const id = this.#next++;
    this.#listeners.set(id, (message) => {
      if (message.kind !== 'event' && message.kind !== 'chunk') this.#notes.drop(id);
      listener(message);
    });
    signal?.addEventListener('abort', () => this.#post({ kind: 'abort', id }), { once: true });
    this.#post({ ...message, id });
    if (signal?.aborted) this.#post({ kind: 'abort', id });
    return id;
  }

  #post(message: ToWorker): void {
    // Inputs are cloned, since the caller keeps them; a request body is ours to give away.
    const transfer = message.kind === 'http' && message.request.body ? transferables(new Uint8Array(message.request.body)) : [];
    if (this.#port) this.#deliver(this.#port, message, transfer);
    else if (!this.#refusal) this.#waiting.push({ message, transfer });
    else this.#refuse(message.id, this.#refusal);
  }

  /** What can't be cloned (a function, a symbol) never leaves: its sender is told as if the worker had refused it. */
  #deliver(port: ClientPort, message: ToWorker, transfer: Transferable[]): void {
    try {
      port.postMessage(message, transfer);
    } catch (error) {
      const detail = `The input can't be sent: ${messageOf(error)}`;
      this.#refuse(message.id, new ApiError('validation_failed', detail));
    }
  }

  #refuse(id: number, error: ApiError): void {
    queueMicrotask(() => this.#listeners.get(id)?.({ kind: 'problem', id, problem: error.toProblem(`d${id}`) }));
  }
}
