/** A worker begins with the model that served last, or says why not and begins with the default one. */
import { expect, it } from 'vitest';
import { ApiError } from '../../contract/index.ts';
import type { ModelService } from './index.ts';
import type { StartRequest } from '../../ports/model-platform.ts';
import { startModel } from './starting-model.ts';

const LAST = {
  source: { kind: 'url', url: 'https://example.org/m/' },
  ...{ execution_provider: 'wasm', compute_dtype: 'auto', cache: true, stream: true },
} as StartRequest;

/** Loads nothing: which sources were asked for, and how the first load ends. */
async function begin(remembered: (() => StartRequest) | null, first: (signal: AbortSignal | undefined) => Promise<unknown>) {
  const asked: StartRequest[] = [];
  const given: string[] = [];
  const wish = new AbortController();
  const model = {
    swapWeights: (request: StartRequest, { signal }: { signal?: AbortSignal }) => {
      asked.push(request);
      return asked.length === 1 ? first(signal) : Promise.resolve();
    },
  } as unknown as ModelService;
  const started = startModel(
    model,
    remembered,
    (signal) => ({ mode: 'direct', requestId: 'start', timings: {}, ...(signal && { signal }) }),
    { signal: wish.signal, onGivenUp: (why) => given.push(why) },
  );
  return { asked, given, wish, started };
}

it('loads the last one from what is kept, and nothing else', async () => {
  const { asked, given, started } = await begin(
    () => LAST,
    async () => {},
  );
  await started;
  expect(asked).toMatchObject([{ source: LAST.source, keptOnly: true, stream: false }]);
  expect(given).toEqual([]);
});

it('says why, and loads the default one', async () => {
  const { asked, given, started } = await begin(
    () => LAST,
    async () => Promise.reject(new ApiError('weights_invalid', 'It is torn.')),
  );
  await started;
  expect(asked.map(({ source }) => source.kind)).toEqual(['url', 'bundled']);
  expect(given).toEqual(['It is torn.']);
});

it('loads the default one where the note can not be read', async () => {
  const { asked, given, started } = await begin(
    () => {
      throw new ApiError('validation_failed', 'No such source.');
    },
    async () => {},
  );
  await started;
  expect(asked.map(({ source }) => source.kind)).toEqual(['bundled']);
  expect(given).toEqual(['No such source.']);
});

it('stops the last one on a wish, and loads the default one', async () => {
  const { asked, started, wish } = await begin(
    () => LAST,
    (signal) => new Promise((_, reject) => signal!.addEventListener('abort', () => reject(new ApiError('cancelled', 'Stopped.')))),
  );
  wish.abort();
  await started;
  expect(asked.map(({ source }) => source.kind)).toEqual(['url', 'bundled']);
});
