/** What the playground remembers between visits and carries in a link: the view, the prompt, the messages and the parameters. */
import { z } from 'zod';
import { addressRemarks } from '../kit/address/address-remarks.ts';
import { linkedText } from '../kit/address/linked-text.ts';
import { LINK_LIMIT } from '../kit/address/packed-json.ts';
import { nearestWithin } from '../kit/form/bounds.ts';
import {
  DEFAULT_PARAMETERS,
  type FlagName,
  FLAGS,
  MAX_STOP_STRINGS,
  NUMBERS,
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
const NUMERIC = Object.keys(NUMBERS) as NumericName[];
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
  for (const name of NUMERIC) {
    const value = values[name];
    if (value === undefined || value === null || value === '') {
      if (name === 'seed' && name in values) result.seed = null;
      continue;
    }
    const clamped = nearestWithin(NUMBERS[name], Number(value));
    if (clamped !== null) result[name] = clamped;
  }
  for (const name of FLAGS) if (values[name] !== undefined) result[name] = values[name] === true || values[name] === 'true';
  const { stop } = values;
  if (Array.isArray(stop))
    result.stop = stop.filter((item): item is string => typeof item === 'string' && item !== '').slice(0, MAX_STOP_STRINGS);
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
  for (const name of NUMERIC) {
    const value = parameters[name];
    if (value !== null && value !== DEFAULT_PARAMETERS[name]) query.set(name, String(value));
  }
  for (const text of parameters.stop) query.append('stop', text);
  for (const name of FLAGS) if (parameters[name] !== DEFAULT_PARAMETERS[name]) query.set(name, String(parameters[name]));
  return query.toString();
}

/** What a link asks for, and in sentences what of it could not be taken as it stands. */
export interface LinkedSettings {
  settings: Settings;
  remarks: string[];
  /** Nothing of it could be read: there is nothing to use, and the settings are the person's. */
  unreadable?: true;
}

/** Texts that are one of a few, with what any other stands for. */
const CHOICES: readonly (readonly [name: string, known: readonly string[], otherwise: string])[] = [
  ['view', ['completion', 'chat'], 'completion'],
  ...FLAGS.map((name) => [name, ['true', 'false'], 'false'] as const),
];
const TEXTS = ['view', 'prompt', 'system', 'stop', ...FLAGS];

/** Settings that a link asks for, over those of the person; undefined when it asks for none. */
export function decodeLink(query: string, own: Settings): LinkedSettings | undefined {
  const values = new URLSearchParams(query);
  if (values.size === 0) return undefined;
  if (query.length > 4 * LINK_LIMIT) {
    const remark = `The link has ${query.length.toLocaleString('en')} characters; none made here has more than ${LINK_LIMIT.toLocaleString('en')}. It was not opened.`;
    return { settings: own, remarks: [remark], unreadable: true };
  }
  const view: View = values.get('view') === 'chat' ? 'chat' : 'completion';
  const text = values.get('prompt');
  const single = Object.fromEntries([...NUMERIC, ...FLAGS].map((name) => [name, values.get(name) ?? undefined]));
  const stop = values.getAll('stop');
  // A link says everything that differs from the defaults, so it does not inherit what is the person's.
  const parameters = readParameters({ ...single, stop }, DEFAULT_PARAMETERS);
  const settings = {
    ...own,
    view,
    ...(view === 'chat' ? { draft: text ?? '', system: values.get('system') ?? '' } : { prompt: text ?? '' }),
    parameters,
  };
  const remarks = remarksOn(query, values, parameters);
  return [...values].some(isReadable) ? { settings, remarks } : { settings: own, remarks, unreadable: true };
}

/** What says nothing changes nothing: the settings would be the defaults, which nobody asked for. */
function isReadable([name, value]: readonly [string, string]): boolean {
  if (NUMERIC.includes(name as NumericName)) return value.trim() !== '' && Number.isFinite(Number(value));
  if (name === 'view') return value === 'chat' || value === 'completion';
  if (FLAGS.includes(name as FlagName)) return value === 'true' || value === 'false';
  return TEXTS.includes(name);
}

function remarksOn(query: string, values: URLSearchParams, parameters: Parameters): string[] {
  const remarks: string[] = [];
  for (const name of NUMERIC) {
    const value = values.get(name);
    const taken = parameters[name];
    if (value !== null && (value.trim() === '' || taken !== Number(value)))
      remarks.push(`${name} can’t be “${linkedText(value)}”; ${taken ?? 'a drawn one'} is used.`);
  }
  for (const [name, known, used] of CHOICES) {
    const value = values.get(name);
    if (value !== null && !known.includes(value)) remarks.push(`${name} can’t be “${linkedText(value)}”; ${used} is used.`);
  }
  if (values.has('system') && values.get('view') !== 'chat') remarks.push('system belongs to view=chat; it is not used.');
  const stops = values.getAll('stop');
  const texts = stops.filter((text) => text !== '').length;
  if (texts < stops.length) remarks.push('An empty stop string would stop nothing; it is left out.');
  if (texts > MAX_STOP_STRINGS) remarks.push(`Of ${texts} stop strings the first ${MAX_STOP_STRINGS} are used.`);
  const names = [...NUMERIC, ...TEXTS.filter((name) => name !== 'stop')];
  return [...remarks, ...addressRemarks(query, { names, several: ['stop'], of: 'the playground' })];
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
