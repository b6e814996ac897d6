/** Test support: the computation service over the runtime on WASM, with a small model in force, as the worker puts them together. */
import type { CallContext } from '../../../contract/index.ts';
import type { ModelFolder } from '../../../engine/weights.ts';
import { Tokenizer } from '../../../engine/text/tokenizer.ts';
import { lru } from '../../../patchable/memory/index.ts';
import sample from '../../../patchable/sampler/default.ts';
import { fcfs } from '../../../patchable/scheduler/index.ts';
import { createComputationPlatform } from '../../../platform/computation/index.ts';
import { createOrtRunner } from '../../../platform/ort/index.ts';
import { readFolder } from '../../../platform/ort/testing/fixture.ts';
import { dispatch, newContext, type Operations } from '../../../transport/dispatch.ts';
import { readFileSync } from 'node:fs';
import { EngineHost } from '../../engine-host.ts';
import { operationsOf } from '../../index.ts';
import type { ModelPlatform } from '../../model/platform.ts';
import { TokenizerService } from '../../tokenizer/index.ts';
import { ComputationService, ModelsInForce, ShaderError } from '../index.ts';

const FOLDER = 'public/models/default';
const json = (file: string) => JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as Record<string, unknown>;

/** A context of a call in the worker. */
export const context = (signal?: AbortSignal): CallContext => newContext('direct', 'test', signal);

/** The bundled model in force, and every service that the contract's examples of `computation` reach. */
export async function openWorkbench() {
  const folder: ModelFolder = {
    ...readFolder(FOLDER),
    id: 'default',
    source: 'bundled:default',
    generationConfig: null,
    tokenizerJson: json('tokenizer.json'),
    tokenizerConfig: json('tokenizer_config.json'),
    hash: 'test',
    bytes: 0,
    fromCache: false,
  };
  const host = new EngineHost(() => ({ policy: fcfs, eviction: lru, sample }));
  const tokenizer = new TokenizerService();
  tokenizer.setModelTokenizer(Tokenizer.fromFiles(folder.tokenizerJson!, folder.tokenizerConfig!), folder.id);
  const models = new ModelsInForce(host);
  const platform: ModelPlatform = models.watch({
    threads: 1,
    providers: async () => [],
    loadFolder: async () => folder,
    createRunner: async () => ({
      runner: await createOrtRunner({ folder, provider: 'wasm', numBlocks: 256, blockSize: 16 }),
      provider: 'wasm',
      computeDtype: 'float32',
    }),
  });
  const { runner } = await platform.createRunner(folder, {} as never);
  await host.replaceRunner(runner, folder.hash);
  const computation = new ComputationService({ platform: createComputationPlatform(ShaderError), models, tokenizer });
  const operations: Operations = operationsOf({ tokenizer, computation }, (route, input) => dispatch(operations, route, input, context()));
  return {
    computation,
    operations,
    host,
    close: async () => {
      await computation.close();
      await host.engine.stop();
      await runner.dispose();
    },
  };
}

export type Workbench = Awaited<ReturnType<typeof openWorkbench>>;
