/** The worker's scripts without a browser: the same services, local transport and script runner, in Node. */
import { readFileSync } from 'node:fs';
import { Client } from '../../src/client/client.ts';
import { Tokenizer } from '../../src/engine/text/tokenizer.ts';
import { EngineHost } from '../../src/services/engine-host.ts';
import { ScriptRunner } from '../../src/services/code/script-runner.ts';
import { stoppable } from '../../src/services/code/stoppable.ts';
import { operationsOf } from '../../src/services/index.ts';
import { ModelService } from '../../src/services/model/index.ts';
import { TokenizerService } from '../../src/services/tokenizer/index.ts';
import { localTransport } from '../../src/transport/local.ts';
import { DEFAULT_MODEL } from './models.ts';

const nothing = (): never => {
  throw new Error('No model is loaded here.');
};

/** @returns what the script returned */
export async function nodeScripts<T>(source: string): Promise<T> {
  const tokenizer = new TokenizerService();
  const read = (file: string) => JSON.parse(readFileSync(`${DEFAULT_MODEL}/${file}`, 'utf8')) as Record<string, unknown>;
  tokenizer.setModelTokenizer(Tokenizer.fromFiles(read('tokenizer.json'), read('tokenizer_config.json')), 'default');
  const host = new EngineHost(nothing);
  const model = new ModelService(
    { threads: 1, providers: nothing, loadFolder: nothing, createRunner: nothing, openRunner: nothing, openOpaque: nothing },
    host,
    tokenizer,
  );
  const services = { tokenizer, model };
  const local = localTransport(operationsOf(services, nothing));
  const scripts = new ScriptRunner((signal) => ({ client: new Client({ direct: stoppable(local, signal), restful: null }), services }));
  const { result } = await scripts.run({ source, language: 'javascript', name: 'overhead' }, () => {}, new AbortController().signal);
  return result as T;
}
