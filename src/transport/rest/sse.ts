/** Server-sent events, both ends: a body from events, and events from a body. */
import { createParser } from 'eventsource-parser';
import { ApiError, encodeTensors } from '../../contract/index.ts';
import type { ServerEvent } from '../transport.ts';

const encoder = new TextEncoder();
export const eventFrame = ({ event, data }: ServerEvent): Uint8Array<ArrayBuffer> =>
  encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data, encodeTensors)}\n\n`);

/** The stream of a response. A failure after the first event becomes an `error` event with the problem. */
export function sseBody(
  first: IteratorResult<ServerEvent>,
  rest: AsyncIterator<ServerEvent>,
  requestId: string,
): ReadableStream<Uint8Array> {
  let pending: IteratorResult<ServerEvent> | null = first;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = pending ?? (await rest.next());
        pending = null;
        if (next.done) controller.close();
        else controller.enqueue(eventFrame(next.value));
      } catch (error) {
        controller.enqueue(eventFrame({ event: 'error', data: ApiError.from(error).toProblem(requestId) }));
        controller.close();
      }
    },
    async cancel() {
      await rest.return?.();
    },
  });
}

/** Events as they come. An `error` event throws its problem as `ApiError`. */
export async function* readSse(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const queue: ServerEvent[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => queue.push({ event: event ?? 'message', data: JSON.parse(data) as unknown }),
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parser.feed(decoder.decode(value, { stream: true }));
      for (const event of queue.splice(0)) {
        if (event.event === 'error') throw ApiError.fromProblem(event.data as Parameters<typeof ApiError.fromProblem>[0]);
        yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
