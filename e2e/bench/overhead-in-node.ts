/** The worker's scripts without a browser: the same workbench with a tokenizer and no model, in Node. */
import { readFileSync } from 'node:fs';
import { Tokenizer } from '../../src/engine/text/tokenizer.ts';
import { referencePlatform } from '../../src/testing/model-platforms.ts';
import { openWorkbench } from '../../src/testing/workbench.ts';
import { DEFAULT_MODEL } from './models.ts';

/** @returns what the script returned */
export async function nodeScripts<T>(source: string): Promise<T> {
  const { active, scripts } = openWorkbench({ models: referencePlatform() });
  const read = (file: string) => JSON.parse(readFileSync(`${DEFAULT_MODEL}/${file}`, 'utf8')) as Record<string, unknown>;
  const tokenizer = Tokenizer.fromFiles(read('tokenizer.json'), read('tokenizer_config.json'));
  active.text.setModel({ tokenizer, id: 'default', modelIds: 0 });
  const { result } = await scripts.run({ source, language: 'javascript', name: 'overhead' }, () => {}, new AbortController().signal);
  return result as T;
}
