/** What a candidate does to the model: planted faults are found where they are, and what the way to being active costs is printed. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ArrayTensor, Output } from '../../contract/index.ts';
import { TEXTS } from '../../patchable/generated/texts.ts';
import type { CandidateWorker } from './check/candidate-checker.ts';
import { nodeWorkers } from './testing/node-workers.ts';
import { openWorkbench, type Workbench } from './testing/workbench.ts';

const folder = fileURLToPath(new URL('../../../fixtures/models/llama-gqa-tied', import.meta.url));
const tokenizerJson = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../../public/models/default/tokenizer.json', import.meta.url)), 'utf8'),
) as Record<string, unknown>;
const WINDOW = 4;
/** For candidates that are right, on a machine that does other things too. */
const PATIENT_MS = 20_000;
const windowed = TEXTS['patchable/model/attention.sliding_window.ts'].replace('const WINDOW = 64;', `const WINDOW = ${WINDOW};`);
const input_ids = Array.from({ length: 24 }, (_, i) => (i * 7 + 3) % 32);

let spawn: () => CandidateWorker;
let bench: Workbench;

beforeAll(async () => {
  spawn = await nodeWorkers();
  bench = openWorkbench(folder, tokenizerJson, spawn);
  await bench.load();
  await bench.call('GET', '/code/resources');
}, 60_000);

async function logits(): Promise<Float32Array> {
  const { logits } = (await bench.call('POST', '/model/forward', { input_ids, logits: 'all' })) as { logits: ArrayTensor };
  return Float32Array.from(logits.data as Float32Array);
}

const put = (id: string, source: string, more: object = {}) =>
  bench.call('PUT', '/code/resources/{id}', { id, source, time_limit_ms: PATIENT_MS, ...more }) as Promise<Output<'code', 'patch'>>;
const remove = (id: string) => bench.call('DELETE', '/code/resources/{id}', { id });

describe('the effect of a candidate', () => {
  const FAULTS: [what: string, id: string, source: string, operator: string, hookPoint: string | RegExp][] = [
    [
      'a wrong scale',
      'model.attention',
      TEXTS['patchable/model/attention.naive.ts'].replace('), scale)', '), scale * 1.1)'),
      'attention',
      'layers.0.attn_out',
    ],
    [
      'a mask off by one',
      'model.attention',
      TEXTS['patchable/model/attention.naive.ts'].replace('inputs.mask()', 'inputs.mask(8)'),
      'attention',
      'layers.0.attn_out',
    ],
    [
      'swapped heads',
      'model.attention',
      TEXTS['patchable/model/attention.naive.ts']
        .replace('const output', 'const swapped = g.concat([g.slice(heads, 1, 2, numHeads), g.slice(heads, 1, 0, 2)], 1);\n  const output')
        .replace('g.transpose(heads,', 'g.transpose(swapped,'),
      'attention',
      'layers.0.attn_out',
    ],
    [
      'no rotation of k',
      'model.position',
      TEXTS['patchable/model/position.ts'].replace('k: g.rotate(k, cos, sin)', 'k'),
      'position',
      'layers.0.k',
    ],
    [
      'an MLP that is wrong in layer 1',
      'model.mlp',
      TEXTS['patchable/model/mlp.ts']
        .replace('return g.linear(hidden, down)', 'const out = g.linear(hidden, down);\n  return layer.index === 1 ? g.mul(out, 1.1) : out')
        .replace('activation }', 'activation, layer }'),
      'mlp',
      'layers.1.mlp_out',
    ],
  ];
  test.each(FAULTS)('%s is found', async (_, id, source, operator, hookPoint) => {
    const { effect, diagnostics, failed } = (await bench.call('POST', '/code/test/{id}', {
      id,
      source,
      time_limit_ms: PATIENT_MS,
    })) as Output<'code', 'testResource'>;
    expect({ diagnostics, failed }).toEqual({ diagnostics: [], failed: 0 });
    expect(effect?.first_departure).toMatchObject({ operator, hook_point: hookPoint });
    expect(effect!.max_abs_logit_difference).toBeGreaterThan(0);
  });

  test('the built-in version has none', async () => {
    const { effect } = (await bench.call('POST', '/code/test/{id}', { id: 'model.attention', time_limit_ms: PATIENT_MS })) as Output<
      'code',
      'testResource'
    >;
    expect(effect).toMatchObject({ max_abs_logit_difference: 0, top_1_agreement: 1, first_departure: null });
  });
});

describe('speed', () => {
  test('from PUT to new logits, and the patched graph beside the same built in', async () => {
    await put('model.attention', windowed);
    const times: number[] = [];
    for (let i = 0; i < 7; i++) {
      const start = performance.now();
      await put('model.attention', `${windowed}\n// ${i}`);
      await logits();
      times.push(performance.now() - start);
    }
    // In turn, so that what else the machine does touches both.
    const patched: number[] = [];
    const builtIn: number[] = [];
    for (let i = 0; i < 4; i++) {
      await put('model.attention', `${TEXTS['patchable/model/attention.grouped.ts']}\n// same`);
      patched.push(await median());
      await remove('model.attention');
      builtIn.push(await median());
    }
    const ratio = Math.min(...patched) / Math.min(...builtIn);
    // The ratio is for people: what else the machine does moves it.
    expect(ratio).toBeGreaterThan(0);
    console.info(
      `PUT to new logits, median of 7: ${times.toSorted((a, b) => a - b)[3]!.toFixed(0)} ms; patched / built in: ${ratio.toFixed(2)}`,
    );
  });

  async function median(): Promise<number> {
    const times: number[] = [];
    for (let i = 0; i < 51; i++) {
      const start = performance.now();
      await logits();
      times.push(performance.now() - start);
    }
    return times.toSorted((a, b) => a - b)[25]!;
  }
});
