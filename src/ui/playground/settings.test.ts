/** Links and stored settings come from outside: whatever they hold, what is read must be a call that the contract takes. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contract } from '../../contract/index.ts';
import { nearestWithin } from '../kit/form/bounds.ts';
import {
  DEFAULT_PARAMETERS,
  generateFields,
  NUMBERS,
  PARAMETER_NAMES,
  type NumericName,
  type Parameters,
  presetOf,
  readNumber,
  PRESETS,
} from './parameters.ts';
import { decodeLink, encodeLink, loadSettings, readParameters, saveSettings, type Settings, STARTING_SETTINGS } from './settings.ts';

const accepts = (parameters: Parameters) =>
  contract.model.endpoints.generate.input.safeParse({ prompt: 'x', ...generateFields(parameters) }).success;

describe('a typed number', () => {
  it.each([
    ['.5', 0.5],
    ['1.0', 1],
    ['1e-4', 0.0001],
    [' 2 ', 2],
  ])('%s is taken', (text, value) => expect(readNumber('temperature', text)).toEqual({ value }));

  it.each([
    ['max_new_tokens', '-5', 'max_new_tokens must be at least 1; it is −5.'],
    ['max_new_tokens', '−5', 'max_new_tokens must be at least 1; it is −5.'],
    ['max_new_tokens', '1.5', 'max_new_tokens must be a whole number; it is 1.5.'],
    ['temperature', 'abc', 'temperature must be a number; it is "abc".'],
    ['temperature', '1e999', 'temperature must be a number; it is "1e999".'],
    ['top_p', '0', 'top_p must be greater than 0; it is 0.'],
  ] as const)('%s = %s is refused in words', (name, text, fault) => expect(readNumber(name, text)).toEqual({ fault }));

  it('of nothing is what is left out', () => {
    expect(readNumber('seed', '')).toEqual({ value: null });
    expect(readNumber('max_new_tokens', '')).toEqual({ value: NUMBERS.max_new_tokens.default });
  });
});

describe('parameters', () => {
  it('reads bounds and defaults out of the contract', () => {
    expect(NUMBERS.temperature).toMatchObject({ minimum: 0, integer: false, default: 1 });
    expect(NUMBERS.top_p).toMatchObject({ exclusiveMinimum: 0, maximum: 1 });
    expect(NUMBERS.seed).toMatchObject({ integer: true });
    expect(NUMBERS.seed.default).toBeUndefined();
    expect(PARAMETER_NAMES.toSorted()).toEqual(Object.keys(DEFAULT_PARAMETERS).toSorted());
  });

  it('has defaults and presets that the contract accepts', () => {
    expect(accepts(DEFAULT_PARAMETERS)).toBe(true);
    for (const preset of PRESETS) {
      const parameters = { ...DEFAULT_PARAMETERS, ...preset.sampling };
      expect(accepts(parameters)).toBe(true);
      expect(presetOf(parameters)).toBe(preset);
    }
  });

  it('clamps any number to what the contract accepts', () => {
    fc.assert(
      fc.property(fc.constantFrom(...(Object.keys(NUMBERS) as NumericName[])), fc.double(), (name, value) => {
        const clamped = nearestWithin(NUMBERS[name], value);
        return clamped === null || accepts({ ...DEFAULT_PARAMETERS, [name]: clamped });
      }),
    );
    expect(nearestWithin(NUMBERS.temperature, Number.NaN)).toBeNull();
  });
});

const settings = fc.record<Settings>({
  view: fc.constantFrom('completion', 'chat'),
  prompt: fc.string({ unit: 'grapheme' }),
  system: fc.string(),
  draft: fc.string(),
  parameters: fc
    .record({
      temperature: fc.double({ min: 0, max: 5, noNaN: true }),
      top_k: fc.nat(500),
      n: fc.integer({ min: 1, max: 16 }),
      seed: fc.option(fc.nat()),
      stop: fc.array(fc.string({ minLength: 1 }), { maxLength: 4 }),
      ignore_eos: fc.boolean(),
    })
    .map((changes) => ({ ...DEFAULT_PARAMETERS, ...changes })),
});

describe('links', () => {
  it('carry everything that is in sight', () => {
    fc.assert(
      fc.property(settings, (given) => {
        const { view, prompt, draft, system, parameters } = given;
        const shown = view === 'completion' ? { view, prompt, parameters } : { view, draft, system, parameters };
        expect(decodeLink(encodeLink(given), STARTING_SETTINGS)).toMatchObject({ settings: shown, remarks: [] });
      }),
    );
  });

  it('say only what differs from the defaults', () => {
    expect(encodeLink({ ...STARTING_SETTINGS, prompt: 'Hi', parameters: { ...DEFAULT_PARAMETERS, temperature: 0, stop: ['\n'] } })).toBe(
      'prompt=Hi&temperature=0&stop=%0A',
    );
  });

  it('ask for nothing when they are empty', () => {
    expect(decodeLink('', STARTING_SETTINGS)).toBeUndefined();
  });

  it('are clamped to the contract, whatever they hold, and say so', () => {
    const { settings: read, remarks } = decodeLink(
      'prompt=a&temperature=-5&top_p=0&n=1e9&seed=x&logprobs=2.6&temprature=2',
      STARTING_SETTINGS,
    )!;
    expect(read.parameters).toMatchObject({ temperature: 0, n: NUMBERS.n.maximum, seed: null, logprobs: 3 });
    expect(accepts(read.parameters)).toBe(true);
    expect(remarks).toEqual([
      'temperature can’t be “-5”; 0 is used.',
      expect.stringMatching(/^top_p can’t be “0”/),
      'seed can’t be “x”; a drawn one is used.',
      'n can’t be “1e9”; 16 is used.',
      'logprobs can’t be “2.6”; 3 is used.',
      '“temprature” is no parameter of the playground: it was left out.',
    ]);
  });

  it.each(['s=zzzz', 's=zzzz&x', 'temperature=warm', 'view=both', '%E9=%E9', 'temperature='])(
    'with nothing that can be read leave what is there: %s',
    (query) => {
      const own = { ...STARTING_SETTINGS, prompt: 'Mine', parameters: { ...DEFAULT_PARAMETERS, temperature: 0.3 } };
      expect(decodeLink(query, own)).toMatchObject({ settings: own, unreadable: true });
    },
  );

  it.each(['prompt=', 'temperature=2&s=z', 'stop=x', 'view=chat'])('with one thing that can be read are links: %s', (query) => {
    expect(decodeLink(query, STARTING_SETTINGS)!.unreadable).toBeUndefined();
  });

  it('say when their characters are broken', () => {
    expect(decodeLink('prompt=caf%E9', STARTING_SETTINGS)!.remarks).toEqual([expect.stringMatching(/cut off or changed/)]);
  });

  it.each([
    ['prompt=a&prompt=b&temperature=0.1&temperature=0.9', ['prompt stands', 'temperature stands']],
    ['prompt=a&view=both&ignore_eos=yes', ['ignore_eos can’t be “yes”; false is used.', 'view can’t be “both”; completion is used.']],
    ['prompt=a&system=b', ['system belongs to view=chat']],
    ['prompt=a&stop=&stop=b', ['An empty stop string']],
    ['prompt=a&temperature=', ['temperature can’t be “”; 1 is used.']],
    ['prompt=a&stop=b&stop=c', []],
  ])('say each thing of which nothing comes: %s', (query, said) => {
    const { remarks } = decodeLink(query, STARTING_SETTINGS)!;
    expect(remarks.toSorted()).toEqual(said.map((text) => expect.stringContaining(text)));
    expect(remarks).toHaveLength(said.length);
  });

  it('are not opened when they are longer than any made here', () => {
    const { settings: read, remarks } = decodeLink(`prompt=${'a'.repeat(500_000)}`, STARTING_SETTINGS)!;
    expect(read).toEqual(STARTING_SETTINGS);
    expect(decodeLink(`prompt=${'a'.repeat(500_000)}`, STARTING_SETTINGS)!.unreadable).toBe(true);
    expect(remarks).toEqual([expect.stringMatching(/500,007 characters/)]);
  });
});

describe('storage', () => {
  const memory = (content: string | null) => ({ getItem: () => content });

  it('gives back what was saved', () => {
    let saved = '';
    const given: Settings = { ...STARTING_SETTINGS, prompt: 'שלום', parameters: { ...DEFAULT_PARAMETERS, seed: 7, stop: ['a b'] } };
    saveSettings({ setItem: (_, value) => void (saved = value) }, given);
    expect(loadSettings(memory(saved))).toEqual(given);
  });

  it.each([null, '', '{', '[]', '42', '{"view":"other","parameters":[1]}'])('survives %j', (content) => {
    expect(loadSettings(memory(content)).view).toBe('completion');
  });

  it('reads a stored seed of null as random', () => {
    expect(readParameters({ seed: null }, { ...DEFAULT_PARAMETERS, seed: 5 }).seed).toBeNull();
  });
});
