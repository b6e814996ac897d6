/** Ready-made patches to begin with, by resource. The sources are text, since they are written for the folder of what they replace; a test type-checks them there. */

import type { Language } from '../kit/code/resource-queries.ts';

export interface Starter {
  name: string;
  /** The sentence that the file begins with. */
  description: string;
  source: string;
  /** TypeScript where it is left out. */
  language?: Language;
}

const sources = import.meta.glob<string>('./starters/*.txt', { query: '?raw', import: 'default', eager: true });

/** Which resource the first part of a file's name stands for. */
const RESOURCES: Record<string, string> = {
  attention: 'model.attention',
  mlp: 'model.mlp',
  norm: 'model.norm',
  position: 'model.position',
  sampler: 'sampler',
  policy: 'scheduler.policy',
  eviction: 'memory.eviction',
  normalizer: 'tokenizer.normalizer',
  softmax: 'kernel.softmax',
  matmul_naive: 'kernel.matmul_naive',
};

const NAMES: Record<string, string> = {
  'attention.window-16': 'Sliding window of 16',
  'attention.window-16-python': 'Sliding window, in Python',
  'attention.temperature': 'Attention at double temperature',
  'attention.sink': 'Softmax with a sink',
  'mlp.half': 'Silent MLPs from layer 3',
  'mlp.relu': 'ReLU instead',
  'mlp.relu-python': 'ReLU, in Python',
  'norm.centred': 'Centred first',
  'norm.by-hand': 'From single operators',
  'norm.by-hand-python': 'From single operators, in Python',
  'position.none': 'No positions',
  'position.none-python': 'No positions, in Python',
  'position.stretched': 'Stretched to twice the context',
  'sampler.second-best': 'Always the second best',
  'sampler.gumbel': 'Gumbel trick',
  'policy.longest-first': 'Longest first',
  'policy.last-come': 'Last come, first served',
  'eviction.keep-heads': 'Keep the beginnings',
  'eviction.hits-and-age': 'Hits that fade',
  'normalizer.lower-case': 'Lower case',
  'normalizer.plain-text': 'Plain text',
  'softmax.online': 'Online softmax',
  'matmul_naive.four-at-a-time': 'Four at a time',
};

const LANGUAGES: Record<string, Language> = { ts: 'typescript', py: 'python', wgsl: 'wgsl' };

/** The first sentence of a file, without the name where it begins with it. */
function descriptionOf(source: string, name: string): string {
  const [, block, line] = /^(?:(?:\/\*\*|""")\s*([\s\S]*?)\s*(?:\*\/|""")|\/\/ (.*))/.exec(source) ?? [];
  const sentence = block ?? line ?? '';
  if (!sentence.startsWith(`${name}: `)) return sentence;
  const rest = sentence.slice(name.length + 2);
  return rest.slice(0, 1).toUpperCase() + rest.slice(1);
}

/** All of them, each with the resource that it is for. */
export const starters: readonly (Starter & { resource: string })[] = Object.entries(sources).map(([path, source]) => {
  const file = path.replace(/^.*\//, '').replace(/\.\w+\.txt$/, '');
  const name = NAMES[file] ?? file;
  const language = LANGUAGES[/\.(\w+)\.txt$/.exec(path)?.[1] ?? ''] ?? 'typescript';
  return { resource: RESOURCES[file.split('.')[0] ?? ''] ?? '', name, description: descriptionOf(source, name), source, language };
});

/** In the order of the names above: the most telling first. */
const order = Object.values(NAMES);

/**
 * What stands in the editor when another language is chosen: a start in that language, unless a person has written what stands there.
 * @param original the source that came with the resource, with its language
 */
export function templateFor(
  resource: string,
  language: Language,
  source: string,
  original: { source: string; language: Language },
): string {
  const isOwn = source.trim() !== '' && source !== original.source && !starters.some((each) => each.source === source);
  if (isOwn) return source;
  if (language === original.language) return original.source;
  return startersOf(resource).find((each) => each.language === language)?.source ?? source;
}

export const startersOf = (resource: string): readonly Starter[] =>
  starters.filter((each) => each.resource === resource).sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
