/** What the playground remembers between visits and carries in a link: the view, the prompt, the messages and the parameters. */
import { z } from 'zod';
import {
  BOUNDS,
  clampToBounds,
  DEFAULT_PARAMETERS,
  MAX_STOP_STRINGS,
  type NumericName,
  type Parameters,
  STARTING_PARAMETERS,
} from './parameters.ts';

export type View = 'completion' | 'chat';

export type ChatMessage = {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
};

export interface Settings {
  view: View;
  prompt: string;
  system: string;
  /** The draft of the next chat message. */
  draft: string;
  parameters: Parameters;
}

export const STARTING_SETTINGS: Settings = {
  view: 'completion',
  prompt: 'Once upon a time',
  system: '',
  draft: '',
  parameters: STARTING_PARAMETERS,
};

const STORAGE_KEY = 'glassbox.playground';
const NUMBERS = Object.keys(BOUNDS) as NumericName[];
const storedSchema = z.object({
  view: z.enum(['completion', 'chat']).catch(STARTING_SETTINGS.view),
  prompt: z.string().catch(STARTING_SETTINGS.prompt),
  system: z.string().catch(''),
  draft: z.string().catch(''),
  parameters: z.record(z.string(), z.unknown()).catch({}),
});

/** Parameters from values of unknown origin: what does not fit is clamped or left at `base`. */
export function readParameters(values: Record<string, unknown>, base: Parameters): Parameters {
  const result = { ...base };
  for (const name of NUMBERS) {
    const value = values[name];
    if (value === undefined || value === null || value === '') {
      if (name === 'seed' && name in values) result.seed = null;
      continue;
    }
    const clamped = clampToBounds(name, Number(value));
    if (clamped !== null) result[name] = clamped;
  }
  const { stop, ignore_eos } = values;
  if (Array.isArray(stop))
    result.stop = stop.filter((item): item is string => typeof item === 'string' && item !== '').slice(0, MAX_STOP_STRINGS);
  if (ignore_eos !== undefined) result.ignore_eos = ignore_eos === true || ignore_eos === 'true';
  return result;
}

/** `prompt=…&temperature=0.7`: only what differs from the contract's defaults stands in the link. */
export function encodeLink(settings: Settings): string {
  const query = new URLSearchParams();
  if (settings.view === 'chat') {
    query.set('view', 'chat');
    if (settings.system) query.set('system', settings.system);
    if (settings.draft) query.set('prompt', settings.draft);
  } else {
    query.set('prompt', settings.prompt);
  }
  const { parameters } = settings;
  for (const name of NUMBERS) {
    const value = parameters[name];
    if (value !== null && value !== DEFAULT_PARAMETERS[name]) query.set(name, String(value));
  }
  for (const text of parameters.stop) query.append('stop', text);
  if (parameters.ignore_eos) query.set('ignore_eos', 'true');
  return query.toString();
}

/** Settings that a link asks for, over those in force; undefined when it asks for none. */
export function decodeLink(query: string, current: Settings): Settings | undefined {
  const values = new URLSearchParams(query);
  if (values.size === 0) return undefined;
  const view: View = values.get('view') === 'chat' ? 'chat' : 'completion';
  const text = values.get('prompt');
  const numbers = Object.fromEntries(NUMBERS.map((name) => [name, values.get(name) ?? undefined]));
  const stop = values.getAll('stop');
  return {
    ...current,
    view,
    ...(view === 'chat' ? { draft: text ?? '', system: values.get('system') ?? '' } : { prompt: text ?? '' }),
    // A link says everything that differs from the defaults, so it does not inherit what was in force.
    parameters: readParameters({ ...numbers, stop, ignore_eos: values.get('ignore_eos') ?? undefined }, DEFAULT_PARAMETERS),
  };
}

export function loadSettings(storage: Pick<Storage, 'getItem'>): Settings {
  try {
    const stored = storedSchema.parse(JSON.parse(storage.getItem(STORAGE_KEY) ?? 'null'));
    return { ...stored, parameters: readParameters(stored.parameters, STARTING_PARAMETERS) };
  } catch {
    return STARTING_SETTINGS;
  }
}

export function saveSettings(storage: Pick<Storage, 'setItem'>, settings: Settings): void {
  storage.setItem(STORAGE_KEY, JSON.stringify(settings));
}
