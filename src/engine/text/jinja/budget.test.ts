/** Every operation whose work grows with its input pays for it: with a budget that is a part of the input, it ends by the bound. Counted in steps, never in time. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FILTERS } from './filters/index.ts';
import { JinjaTemplate } from './index.ts';
import { STR_METHODS } from './str-methods.ts';
import { TESTS } from './tests.ts';

/** Characters of the texts, and items of the lists. */
const SIZE = 64_000;
/** Fewer than a step for each dozen of characters; enough for what only looks at the beginning. */
const STEPS = SIZE / 16;

const TEXTS: Readonly<Record<string, string>> = {
  words: 'ab '.repeat(SIZE / 3),
  letters: 'a'.repeat(SIZE),
  pairs: '👍'.repeat(SIZE / 2),
  tags: '<a>&'.repeat(SIZE / 4),
  digits: '7'.repeat(SIZE),
  dashes: `a${'-'.repeat(SIZE)}`,
  lines: '\n'.repeat(SIZE),
  dots: 'a.'.repeat(SIZE / 2),
};

type Ending = 'LimitExceeded' | 'refused' | 'text';

function endingOf(template: string, variables: Record<string, unknown>, maxSteps = STEPS): Ending {
  const parsed = new JinjaTemplate(template);
  try {
    parsed.render(variables, { maxSteps });
    return 'text';
  } catch (error) {
    return (error as { type?: string }).type === 'LimitExceeded' ? 'LimitExceeded' : 'refused';
  }
}

/** Arguments to try with each, so that most are given what they take. */
const ARGUMENTS = ['', 't', 't, t', "'a'", "'a', t", '3', '3, t', "t, 'b'", '[t, t]', "'a', 'b'", 'attribute=t', "'upper'", "'attr', t"];

/** Looks at no more than a type, a first character or a size. */
const LOOKS_AT_LITTLE = [
  'first',
  'random',
  'default',
  'd',
  'items',
  'map',
  'select',
  'reject',
  'selectattr',
  'rejectattr',
  'unique',
  'batch',
  'slice',
];

describe('texts', () => {
  const expressions = [
    ...[...FILTERS.keys()].flatMap((name) => ARGUMENTS.map((given) => `t | ${name}(${given})`)),
    ...[...STR_METHODS.keys()].flatMap((name) => ARGUMENTS.map((given) => `t.${name}(${given})`)),
    ...[...TESTS.keys()]
      .filter((name) => /^\w+$/.test(name))
      .flatMap((name) => ['', '(u)', '([u, t])'].map((given) => `t is ${name}${given}`)),
    ...['==', '!=', '<', '<=', '>', '>=', 'in', 'not in'].map((operator) => `t ${operator} u`),
    ...[
      't[5]',
      't[5:]',
      't[::-1]',
      '{t: 1}',
      '{(t, 1): 1}',
      'd[t]',
      'd.get(t)',
      't in d',
      '[t] == [u]',
      '[t] | sort',
      '(t, u) | max',
      't | tojson',
      '[t] | tojson(indent=3)',
    ],
    ...[
      't % 1',
      "'%.1s%.1s' % (t, t)",
      "'{:.1}'.format(t)",
      "'{!r}'.format(t)",
      "'%r' % t",
      't.format(1)',
      '[t] | string',
      't | safe | e',
      "(t | e) ~ 'a' == 'b'",
      't + t == u + t',
      '[t, u] | join',
      't * 3',
      'f(t)',
      'namespace(a=t).a == u',
    ],
  ];

  it('each operation on any of them', () => {
    const unpaid = new Set<string>();
    fc.assert(
      fc.property(fc.constantFrom(...expressions), fc.constantFrom(...Object.keys(TEXTS)), (expression, kind) => {
        const t = TEXTS[kind]!;
        // It is done so often that the budget ends if each costs what it looks at.
        const template = `{% macro f(x) %}{{ x }}{% endmacro %}{% for i in range(20) %}{% set r = ${expression} %}{% endfor %}`;
        const name = /^t \| (\w+)/.exec(expression)?.[1] ?? expression;
        const ending = endingOf(template, { t, u: `${t.slice(0, -1)}!`, d: { a: 1 } });
        if (ending === 'text' && !LOOKS_AT_LITTLE.includes(name)) unpaid.add(`${expression} of ${kind}`);
      }),
      { numRuns: 1_200 },
    );
    expect([...unpaid]).toEqual([]);
  });
});

describe('lists and dictionaries', () => {
  /** Making them takes longer than what is tried. */
  const count = SIZE / 8;
  const l = Array.from({ length: count }, (_, index) => index);
  const texts = l.map(String);
  const d = Object.fromEntries(texts.map((text) => [`k${text}`, text]));
  /** Of these the size or the first is asked for, or what comes when it is asked for. */
  const lookAtLittle = [
    ...['first', 'length', 'count', 'random', 'default', 'd', 'items', 'map', 'select', 'reject', 'selectattr', 'rejectattr', 'unique'],
    ...[
      'batch',
      'slice',
      'reverse',
      'keys',
      'values',
      'attr',
      'tojson',
      'dictsort',
      'urlencode',
      'xmlattr',
      'int',
      'float',
      'abs',
      'round',
    ],
    'get',
  ];
  const expressions = [
    ...[...FILTERS.keys()].flatMap((name) => ['l', 's', 'd'].map((of) => `${of} | ${name}`)),
    ...['l', 's', 'd', 'd.items()'].map((of) => `${of} | list`),
    ...['sum', 'max', 'join', 'min(attribute=0)', "groupby('a')", 'batch(1) | list', 'slice(1) | list', "map('upper') | list"].map(
      (of) => `l | ${of}`,
    ),
    ...["select('odd') | list", 'unique | list', "map(attribute='a') | list", 'reverse | list'].map((of) => `l | ${of}`),
    ...['l.count(1)', 'l.index(-1)', 'l.copy()', 'd.copy()', 'dict(d)', 'namespace(d)', 'namespace(**d)', 'dict(**d)', 'f(*l)', 'f(**d)'],
    ...['l == l + []', 'l < l + []', 'l + l', 'l * 2', 'l[1:]', 'l[::-1]', '-1 in l', '-1 in d.values()', 'd == dict(d)', 'cycler(*l)'],
    ...[
      "'%s' % l",
      "'{}'.format(l)",
      "','.join(s)",
      "t.startswith((s | list, 'a'))",
      'l ~ d',
      '[l] | string',
      '[d] | tojson(sort_keys=true)',
      'strftime_now(s)',
    ],
  ];
  it.each(expressions)('%s', (expression) => {
    const template = `{% macro f() %}{{ varargs }}{{ kwargs }}{% endmacro %}{% for i in range(20) %}{% set r = ${expression} %}{% endfor %}`;
    const variables = Object.entries({ l, s: texts, d }).filter(([name]) => new RegExp(`\\b${name}\\b`).test(expression));
    const ending = endingOf(template, { ...Object.fromEntries(variables), t: 'a' }, count / 8);
    const name = /(?:\| |\.)(\w+)\(?\)?$/.exec(expression)?.[1] ?? expression;
    expect(ending === 'text' && !lookAtLittle.includes(name)).toBe(false);
  });
});

describe('templates made to take more than they cost', () => {
  const longer = "{% set s = 'a' * 900000 %}{% set t = s ~ 'b' %}{% set u = s ~ 'c' %}";
  const often = (body: string) => `{% for i in range(90000) %}${body}{% endfor %}`;
  it.each([
    ['order of long texts', longer + often('{% if s < t %}{% endif %}')],
    ['equality of long texts', longer + often('{% if t == u %}{% endif %}')],
    ['keys that are put together', longer + often('{% set x = {}[s ~ i] %}')],
    ['keys of a dictionary', longer + often('{% set x = {s ~ i: 1} %}')],
    [
      'a part that fits almost everywhere',
      "{% set t = 'a' * 4000000 %}{% set p = 'b' ~ 'a' * 1000000 %}" + often('{{ p in t }}{{ t.find(p) }}{{ t.count(p) }}'),
    ],
    [
      'the same from the end',
      "{% set t = 'a' * 4000000 %}{% set p = 'a' * 1000000 ~ 'b' %}" + often('{{ t.rfind(p) }}{{ t.rsplit(p) }}{{ t.rpartition(p) }}'),
    ],
    ['counting one and the same', "{% set l = ['a'] * 900000 %}" + often("{% set x = l.count('a') %}")],
    ['copies of lists', '{% set l = [1] * 900000 %}' + often('{% set x = l.copy() %}')],
    ['names as long as they can be', longer + often('{% set x = {}[t] %}{% set y = [1] | map(attribute=t) | first %}')],
    ['capture of what is put together', longer + often('{% set x %}{{ s }}{{ i }}{% endset %}')],
    ['JSON of a long text', longer + often('{% set x = t | tojson %}')],
    ['escapes of escapes', "{% set ns = namespace(t='&' * 900000) %}" + often('{% set ns.t = ns.t | forceescape %}')],
    ['brackets that nothing closes', "{{ '%(' * 900000 % {} }}"],
    ['precision of a long text', longer + often("{% set x = '%.1s' % t %}{% set y = '{:.1}'.format(t) %}")],
    ['commas in a wide number', often("{% set x = '{:099999,}'.format(5) %}")],
    ['dashes in a row', "{{ ('a' ~ '-' * 900000) | wordwrap(10) }}"],
    ['a long word in short lines', "{{ ('a' * 900000) | wordwrap(1) }}"],
    ['sums of sums', '{% set ns = namespace(a=2 ** 64) %}' + often('{% set ns.a = ns.a + ns.a %}')],
    ['bits of a long integer', '{% set n = 2 ** 40000 %}' + often('{% set x = n.bit_length() %}')],
    ['quotients of long integers', '{% set n = 2 ** 24000 %}' + often('{% set x = (n / (n - 1)) %}')],
    ['powers of floats', often(often('{% set x = 1.1 ** 200.5 %}'))],
    ['digits of another script', "{% set t = '٣' * 900000 %}" + often('{% set x = t | int %}')],
    ['an index of many digits', `{{ '{0[${'9'.repeat(800_000)}]}'.format([1]) }}`],
    ['prefixes', longer + '{% set l = [t] * 9000 %}' + often('{% set x = u.startswith(l | list) %}')],
    ['sorting what is alike', longer + '{% set l = [t, u, s] * 3000 %}' + often('{% set x = l | sort | unique | list %}')],
    ['going through a long text', "{% set t = '👍' * 900000 %}" + often('{% for c in t %}{% break %}{% endfor %}')],
    [
      'shared dictionaries',
      "{% set ns = namespace(s={'a': 1}) %}{% for i in range(60) %}{% set ns.s = {'a': ns.s, 'b': ns.s} %}{% endfor %}{{ ns.s | string }}",
    ],
    [
      'keyword arguments',
      "{% macro m() %}{{ kwargs | length }}{% endmacro %}{% set d = dict.fromkeys(range(9000) | map('string')) %}" + often('{{ m(**d) }}'),
    ],
    ['tuples as keys', "{% set t = 'a' * 4000 %}" + often(often('{% set x = {(t, i): 1} %}'))],
    ['namespaces', '{% set ns = namespace(l=[]) %}' + often('{% set ns.l = [ns.l, namespace(), {}] %}')],
  ])('%s', (_, template) => {
    expect(endingOf(template, {}, 2_000_000)).not.toBe('text');
  });

  it('a value that shares its parts is refused by pprint at the first line that is full', () => {
    const shared = "{% set ns = namespace(s={'a': 1}) %}{% for i in range(60) %}{% set ns.s = {'a': ns.s, 'b': ns.s} %}{% endfor %}";
    expect(() => new JinjaTemplate(`${shared}{{ ns.s | pprint }}`).render({}, { maxSteps: 5_000 })).toThrow('the filter pprint');
    expect(new JinjaTemplate("{{ {'b': [1, (2,)], 'a': 'c'} | pprint }}").render({})).toBe("{'a': 'c', 'b': [1, (2,)]}");
  });
});
