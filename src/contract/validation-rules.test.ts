/** Rules give what they say over any numbers, a fault names its place and the name that was meant, and nothing but input and output is in reach. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contract, routes } from './index.ts';
import { evaluateRule, ruleFaults } from './validation-rules.ts';

const { tokenize } = contract.tokenizer.endpoints;
const input = { text: 'Zoë', add_special_tokens: true };
const output = { input_ids: [0, 58, 79, 128, 105], attention_mask: [1, 1, 1, 1, 1], ratio: 2, text: 'Zoë' };

test.each([
  ['input_ids_length', 'len(text) + 2', 5],
  ['input_ids_length', 'size(text) * 2 - 1', 5],
  ['ratio', 'len(text) - 1', 2],
  ['mask', 'output.attention_mask.all(m, m == 1)', true],
  ['compared', 'len(output.input_ids) == len(text) + 2 && len(text) < 10', true],
  ['mixed', 'output.ratio + 1 == 3 && output.ratio / 4 == 0.5 && output.ratio % 2 == 0', true],
  ['whole', 'output.ratio * 2.5 == 5', true],
])('%s: %s gives %j and holds', (name, expression, value) => {
  expect(evaluateRule(name, expression, input, output)).toEqual({ name, expression, value, passed: true });
  expect(
    ruleFaults({ [name]: expression }, { ...tokenize, output: tokenize.output.extend({ ratio: tokenize.output.shape.id }) }, input),
  ).toEqual([]);
});

test.each([
  ['input_ids_length', 'len(text) + 3', 6],
  ['compared', 'len(text) > 3', false],
])('%s: %s gives %j and does not hold', (name, expression, value) => {
  expect(evaluateRule(name, expression, input, output)).toMatchObject({ value, passed: false });
});

describe('before it is kept, a rule is refused', () => {
  test.each([
    ['len(text', /Expected RPAREN, got EOF at character 9/],
    ['len(txt) + 2', /^Unknown name txt at character 5; did you mean text\? There are text, /],
    ['lenn(text)', /no matching overload for 'lenn.* at character 1/],
    ['text and output', /at character 6/],
    ['"a" + 1', /no such overload: string \+ int at character 1/],
    ['', /empty/],
    ['  ', /empty/],
    ['globalThis.fetch("x")', /Unknown name globalThis at character 1/],
    ['constructor', /Unknown name constructor/],
    ['__proto__', /Reserved identifier/],
  ])('%j', (expression, said) => {
    const [fault] = ruleFaults({ input_ids_length: expression }, tokenize, input);
    expect(fault).toMatchObject({ path: '/validation_rules/input_ids_length', message: expect.stringMatching(said) });
    expect(fault!.message).not.toContain('\n');
  });

  test('where its number can be compared with no field', () => {
    const [fault] = ruleFaults({ input_id_length: 'len(text)' }, tokenize, input);
    expect(fault!.message).toMatch(/no field of the output is called input_id; did you mean input_ids_length\? There are id, input_ids/);
    expect(ruleFaults({ anything: 'len(text) > 1', input_ids_length: '1' }, tokenize, input)).toEqual([]);
  });

  test('where it is no text', () => expect(ruleFaults({ x: 5 }, tokenize, input)[0]!.message).toMatch(/must be an expression/));
});

test('a fault that only the call shows has its place too', () => {
  expect(evaluateRule('x', 'output.nothing == 1', input, output)).toMatchObject({
    passed: false,
    error: expect.stringMatching(/nothing at character/),
  });
  expect(evaluateRule('nothing', 'len(text)', input, output).error).toMatch(/"nothing" is no field/);
  expect(evaluateRule('toString', 'len(text)', input, output).error).toMatch(/is no field/);
});

test('what is counted and what is a number of the data are one kind of number', () => {
  const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(finite, fc.integer({ min: -1000, max: 1000 }), fc.constantFrom('+', '-', '*'), (a, b, operator) => {
      const work = { '+': a + b, '-': a - b, '*': a * b }[operator];
      expect(evaluateRule('ratio', `a ${operator} ${b < 0 ? `(${b})` : b}`, { a }, { ratio: work })).toMatchObject({ passed: true });
    }),
  );
});

test('the rules of every example of the contract would be kept', () => {
  const faults = routes.flatMap(({ endpoint }) =>
    endpoint.examples.flatMap(({ validation_rules = {}, input: sent }) => ruleFaults(validation_rules, endpoint, sent)),
  );
  expect(faults).toEqual([]);
});
