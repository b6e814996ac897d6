/** Test support: the part of `webgpu.test.ts` that runs in the page. */
import type { ModelFolder } from '../../../engine/weights.ts';
import { type AttentionKernel, builtinFragments } from '../../../patchable/model/index.ts';
import { parseSafetensors } from '../../weights/safetensors.ts';
import { argmax, maxDifference } from './compare.ts';
import { createOrtRunner, type OrtRunner, standInFor } from '../index.ts';
import { mixedRequests, serveAlone, serveTogether, type Setting } from './serving-check.ts';

interface ExpectedJson {
  input_ids: number[][];
  logits: string[];
  greedy: { prompt_ids: number[]; output_ids: number[] }[];
  attentions: string[];
}

async function load(name: string): Promise<{ folder: Pick<ModelFolder, 'config' | 'tensors'>; expected: ExpectedJson }> {
  const file = (path: string): Promise<Response> => fetch(`/fixtures/models/${name}/${path}`);
  const [config, weights, expected] = await Promise.all([file('config.json'), file('model.safetensors'), file('expected.json')]);
  const tensors = parseSafetensors(new Uint8Array(await weights.arrayBuffer()), 'model.safetensors');
  return { folder: { config: await config.json(), tensors }, expected: await expected.json() };
}

const floats = (base64: string): Float32Array => new Float32Array(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)).buffer);

const open = (folder: Pick<ModelFolder, 'config' | 'tensors'>, kernel: AttentionKernel): Promise<OrtRunner> =>
  createOrtRunner({ folder, provider: 'webgpu', numBlocks: 64, blockSize: 4, fragments: builtinFragments('webgpu', kernel) });

async function checkParity(name: string, kernel: AttentionKernel) {
  const { folder, expected } = await load(name);
  const runner = await open(folder, kernel);
  const tokenIds = expected.input_ids.at(-1)!;
  const wanted = floats(expected.logits.at(-1)!);
  const whole = await runner.run([{ tokenIds, past: 0, blockTable: null, logits: 'all' }], {
    capture: ['attentions.0', 'hidden_states.1'],
  });
  const stream = whole.captures[0]!.get('hidden_states.1')!.data;
  const patched = await runner.run([{ tokenIds: tokenIds.toReversed(), past: 0, blockTable: null, logits: 'all' }], {
    taps: [{ hookPoint: 'hidden_states.1', row: 0, change: () => ({ scale: new Float32Array(stream.length), offset: stream }) }],
  });
  const chunks: number[] = [];
  for (let past = 0; past < tokenIds.length; past += 9) {
    const { logits } = await runner.run([
      { tokenIds: tokenIds.slice(past, past + 9), past, blockTable: [3, 9, 1, 40, 22, 7], logits: 'all' },
    ]);
    chunks.push(...logits[0]!);
  }
  const sequences = expected.greedy.map(({ prompt_ids }, i) => ({
    ids: [...prompt_ids],
    past: 0,
    blockTable: Array.from({ length: 16 }, (_, b) => 16 * i + ((b * 7) % 16)),
  }));
  for (let step = 0; step < 32; step++) {
    const { logits } = await runner.run(
      sequences.map(({ ids, past, blockTable }) => ({ tokenIds: ids.slice(past), past, blockTable, logits: 'last' as const })),
    );
    sequences.forEach((sequence, i) => {
      sequence.past = sequence.ids.length;
      sequence.ids.push(argmax(logits[i]!));
    });
  }
  await runner.pool.copyBlock(0, 60);
  const copiedBlock = maxDifference(await runner.pool.readBlock(0), await runner.pool.readBlock(60));
  await runner.dispose();
  return {
    logits: maxDifference(whole.logits[0]!, wanted),
    chunkedLogits: maxDifference(chunks, wanted),
    patchedLogits: maxDifference(patched.logits[0]!, wanted),
    attentions: maxDifference(whole.captures[0]!.get('attentions.0')!.data, floats(expected.attentions[0]!)),
    greedy: sequences.map(({ ids }, i) => ids.slice(expected.greedy[i]!.prompt_ids.length)),
    expectedGreedy: expected.greedy.map(({ output_ids }) => output_ids),
    copiedBlock,
  };
}

async function checkLostDevice(name: string) {
  const { folder } = await load(name);
  const runner = await open(folder, 'flash_attention');
  const run = () => runner.run([{ tokenIds: [1, 2], past: 0, blockTable: [0], logits: 'last' }]);
  const before = (await run()).logits[0]!;
  const device = runner.device!;
  device.destroy();
  await device.lost;
  const outcomes: string[] = [];
  let after: ArrayLike<number> = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      after = (await run()).logits[0]!;
      outcomes.push('ok');
    } catch (error) {
      outcomes.push((error as Error).name);
    }
  }
  const newDevice = runner.device !== device;
  await runner.dispose();
  return { outcomes, sameLogits: maxDifference(before, after) < 1e-5, newDevice };
}

/** @param lostAtRun the device is destroyed while this run is under way */
async function checkServing(name: string, setting: Setting, lostAtRun: number | null) {
  const { folder } = await load(name);
  const runner = await open(folder, 'flash_attention');
  const requests = mixedRequests(12, runner.shape.vocabSize);
  const alone = await serveAlone(runner, requests);
  const run = runner.run.bind(runner);
  let runs = 0;
  runner.run = (...batch) => {
    const result = run(...batch);
    if (++runs === lostAtRun) runner.device!.destroy();
    return result;
  };
  const served = await serveTogether(runner, requests, alone, setting);
  await runner.dispose();
  return served;
}

/** What computes in place of the fused operator on this adapter; `null` where that can be trusted. */
async function standInKernel(): Promise<AttentionKernel | null> {
  const adapter = await navigator.gpu.requestAdapter();
  return (adapter && standInFor(adapter.info)?.kernel) ?? null;
}

const checks = { standInKernel, checkParity, checkLostDevice, checkServing };
declare global {
  var webgpuCheck: typeof checks;
}
globalThis.webgpuCheck = checks;
