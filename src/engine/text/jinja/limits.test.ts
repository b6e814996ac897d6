/** Templates that would take the engine with them: each is refused by the bound that it breaks. (None of them may take long; the suite would hang.) */
import { describe, expect, it } from 'vitest';
import { JinjaTemplate } from './index.ts';

/** Fewer than the product allows, so that the tests are quick. */
const MAX_STEPS = 2_000_000;

const refusal = (template: string, variables: Record<string, unknown> = {}) => {
  try {
    new JinjaTemplate(template).render(variables, { maxSteps: MAX_STEPS });
  } catch (error) {
    return error;
  }
  return null;
};
const repeated = (count: number, open: string, inner: string, close: string) => open.repeat(count) + inner + close.repeat(count);

describe('work', () => {
  it.each([
    ['two loops of 9,000', '{% for a in range(9000) %}{% for b in range(9000) %}{% endfor %}{% endfor %}'],
    ['two loops that print', '{% for a in range(9000) %}{% for b in range(9000) %}{{ a }}{% endfor %}{% endfor %}'],
    ['lists made of lists', '{% for a in range(99999) %}{% set x = range(99999) | list %}{% endfor %}'],
    ['sorting', '{% for a in range(1000) %}{% set x = range(99999) | sort(reverse=true) %}{% endfor %}'],
    ['searching', "{% set t = 'ab' * 1000000 %}{% for a in range(99999) %}{% set x = t.find('ba' * 9 ~ 'c') %}{% endfor %}"],
    ['membership', "{% set l = range(99999) | list %}{% for a in range(9999) %}{{ 'x' in l }}{% endfor %}"],
    ['lengths', "{% set t = '👍' * 1000000 %}{% for a in range(99999) %}{% set x = t | length %}{% endfor %}"],
    ['characters', "{% set t = '👍' * 1000000 %}{% for a in range(99999) %}{% set x = t[a] %}{% endfor %}"],
    ['comparing', '{% set l = range(99999) | list %}{% for a in range(9999) %}{% set x = l == l + [] %}{% endfor %}'],
    [
      'concatenating',
      "{% set ns = namespace(t='') %}{% for a in range(99999) %}{% set ns.t = ns.t ~ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' %}{% endfor %}{% for a in range(99999) %}{% set x = ns.t.upper() %}{% endfor %}",
    ],
    [
      'generators of generators',
      "{% for a in range(9999) %}{% for b in range(9999) | map('string') | map('upper') %}{% endfor %}{% endfor %}",
    ],
    ['filters of loops', '{% for a in range(9999) %}{% for b in range(9999) if b > 99999 %}{% endfor %}{% endfor %}'],
    ['powers', '{% for a in range(99999) %}{% set x = 3 ** 12000 %}{% endfor %}'],
    ['replacing', "{% set t = 'a' * 1000000 %}{% for a in range(99999) %}{% set x = t | replace('a', 'b') %}{% endfor %}"],
    ['splitting', "{% set t = 'a ' * 400000 %}{% for a in range(99999) %}{% set x = t.split() %}{% endfor %}"],
    [
      'formatting',
      "{% set t = '{}' * 100000 %}{% set l = range(99999) | list %}{% for a in range(99999) %}{% set x = t.format(*l, **{}) %}{% endfor %}",
    ],
    ['JSON', '{% set l = range(99999) | list %}{% for a in range(9999) %}{% set x = l | tojson %}{% endfor %}'],
    ['printing', '{% set l = range(99999) | list %}{% for a in range(9999) %}{% set x = l | string %}{% endfor %}'],
    ['tags', "{% set t = '<a>' * 300000 %}{% for a in range(9999) %}{% set x = t | striptags %}{% endfor %}"],
    ['words', "{% set t = 'a ' * 300000 %}{% for a in range(9999) %}{% set x = t | wordwrap(5) %}{% endfor %}"],
    ['dates', "{% for a in range(99999) %}{% for b in range(999) %}{% set x = strftime_now('%c' * 300) %}{% endfor %}{% endfor %}"],
  ])('%s', (_, template) => {
    expect(refusal(template)).toMatchObject({ type: 'LimitExceeded', message: expect.stringMatching(/steps|text of|list of/) });
  });
});

describe('size', () => {
  it.each([
    ["{{ 'a' * 10 ** 9 }}", 'a text of 1000000000'],
    ["{{ 'a' * 10 ** 30 }}", 'a text of 1e\\+30'],
    ["{{ '%1000000000d' % 5 }}", 'a text of 1000000000'],
    ["{{ '%999999999d' % 5 }}", 'a text of 999999999'],
    ["{{ '%.999999999f' % 5 }}", 'a text of 999999999'],
    ["{{ '%*d' % (999999999, 5) }}", 'a text of 999999999'],
    ["{{ '{:999999999}'.format(5) }}", 'a text of'],
    ["{{ '{:.999999999f}'.format(0.1) }}", 'a text of'],
    ["{{ '{:{}}'.format('a', 999999999) }}", 'a text of'],
    ["{{ '{:0999999999,}'.format(5) }}", 'a text of'],
    ["{{ 'a'.center(10 ** 9) }}", 'a text of'],
    ["{{ 'a' | center(10 ** 9) }}", 'a text of'],
    ["{{ 'a'.ljust(10 ** 9) }}{{ 'a'.zfill(10 ** 9) }}", 'a text of'],
    ["{{ 'a\\tb'.expandtabs(10 ** 9) }}", 'a text of'],
    ["{{ 'a\nb' | indent(10 ** 9) }}", 'a text of'],
    ['{{ [1] | tojson(indent=10 ** 9) }}', 'a text of'],
    ["{{ ('a' * 1000000).replace('', 'b' * 1000000) }}", 'a text of'],
    ["{{ ('a' * 1000000).join('b' * 1000000) }}", 'a text of'],
    ["{{ ('a' * 100000) | list | join('b' * 1000000) }}", 'steps|a text of'],
    ['{{ [1] * 10 ** 9 }}', 'a list of 1000000000'],
    ['{{ range(10 ** 9) }}', 'range\\(\\) of 1000000000'],
    ['{{ [1] | batch(10 ** 9, 0) | list }}', 'a list of'],
    ['{{ [1] | slice(10 ** 9) | list }}', 'a list of'],
    ['{{ 9 ** (9 ** 9) }}', 'an integer of'],
    ['{{ 10 ** (100 ** 100) }}', 'an integer of'],
    ["{{ ('f' * 999999) | int(0, 16) }}", 'an integer of'],
    ['{{ 1234 | round(-999999999) }}', 'an integer of'],
    ["{% set ns = namespace(t='ab') %}{% for i in range(40) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}{{ ns.t }}", 'a text of'],
    ['{% set ns = namespace(l=[1]) %}{% for i in range(40) %}{% set ns.l = ns.l + ns.l %}{% endfor %}', 'a list of'],
    ['{% set ns = namespace(l=[]) %}{% for i in range(40) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}', 'steps|a text of'],
    ["{% set t = 'a' * 1000000 %}{% for i in range(99) %}{{ t }}{% endfor %}", 'a text of'],
  ])('%s', (template, message) => {
    expect(refusal(template)).toMatchObject({ type: 'LimitExceeded', message: expect.stringMatching(message) });
  });

  it('digits of an integer are as many as in Python', () => {
    expect(refusal('{{ 10 ** 5000 }}')).toMatchObject({ type: 'ValueError', message: expect.stringContaining('4300 digits') });
    expect(refusal(`{{ ${'9'.repeat(5000)} }}`)).toMatchObject({ type: 'TemplateSyntaxError' });
    expect(refusal("{{ ('9' * 5000) | int(7) }}")).toBe(null);
  });
});

describe('depth', () => {
  it.each([
    ['parentheses', `{{ ${repeated(9999, '(', '1', ')')} }}`],
    ['lists', `{{ ${repeated(9999, '[', '1', ']')} }}`],
    ['dictionaries', `{{ ${repeated(9999, '{1:', '1', '}')} }}`],
    ['signs', `{{ ${'-'.repeat(9999)}1 }}`],
    ['negations', `{{ ${'not '.repeat(9999)}1 }}`],
    ['conditions', `{{ ${'1 if 1 else '.repeat(9999)}1 }}`],
    ['calls', `{{ ${'f('.repeat(9999)}${')'.repeat(9999)} }}`],
    ['blocks', repeated(9999, '{% if 1 %}', '', '{% endif %}')],
    ['loops', repeated(9999, '{% for x in y %}', '', '{% endfor %}')],
    ['sums', `{{ 1${' + 1'.repeat(99999)} }}`],
    ['attributes', `{{ a${'.a'.repeat(99999)} }}`],
    ['filters', `{{ a${' | string'.repeat(99999)} }}`],
    ['alternatives', `{{ a${' or a'.repeat(99999)} }}`],
    ['a macro that calls itself', '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}'],
    ['macros that call each other', '{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}'],
    ['a call block in itself', '{% macro m() %}{{ caller() }}{% call m() %}{% endcall %}{% endmacro %}{% call m() %}{% endcall %}'],
    ['a loop in itself', '{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}'],
    ['a block in itself', '{% block a %}{{ self.a() }}{% endblock %}'],
    [
      'lists in lists, as JSON',
      '{% set ns = namespace(l=1) %}{% for i in range(9999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l | tojson }}',
    ],
    ['lists in lists, printed', '{% set ns = namespace(l=1) %}{% for i in range(9999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}'],
    [
      'lists in lists, compared',
      '{% set a = namespace(l=1) %}{% set b = namespace(l=1) %}{% for i in range(99999) %}{% set a.l = [a.l] %}{% set b.l = [b.l] %}{% endfor %}{{ a.l == b.l }}',
    ],
    [
      'lists that are shared, as JSON',
      '{% set ns = namespace(l=[]) %}{% for i in range(40) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l | tojson }}',
    ],
    [
      'lists that are shared, compared',
      '{% set a = namespace(l=[]) %}{% set b = namespace(l=[]) %}{% for i in range(40) %}{% set a.l = [a.l, a.l] %}{% set b.l = [b.l, b.l] %}{% endfor %}{{ a.l == b.l }}',
    ],
    [
      'tuples that are shared, as keys',
      '{% set a = namespace(l=()) %}{% for i in range(40) %}{% set a.l = (a.l, a.l) %}{% endfor %}{{ {a.l: 1} }}',
    ],
    ['tuples as keys', '{% set a = namespace(l=1) %}{% for i in range(99999) %}{% set a.l = (a.l,) %}{% endfor %}{{ {a.l: 1} }}'],
  ])('%s', (_, template) => {
    expect(refusal(template)).toMatchObject({ type: 'LimitExceeded' });
  });

  it('values of the request', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 9999; level++) deep = [deep];
    expect(refusal('{{ 1 }}', { deep })).toMatchObject({ type: 'LimitExceeded' });
  });
});

describe('parsing', () => {
  it.each([
    ['a template of megabytes', 'a'.repeat(2_000_000), 'LimitExceeded'],
    ['tags on one line', '{{ 1 }}'.repeat(99_999), null],
    ['braces', '{'.repeat(500_000), 'LimitExceeded'],
    ['spaces', `{{${' '.repeat(900_000)}1 }}`, null],
    ['spaces before a tag', `${' \n'.repeat(400_000)}{%- if 1 %}{% endif %}`, null],
    ['a comment without end', `{#${'#'.repeat(900_000)}`, 'TemplateSyntaxError'],
    ['raw without end', `{% raw %}${'{%'.repeat(400_000)}`, 'TemplateSyntaxError'],
    ['raw with much space', `{% raw %}${`{%${' '.repeat(999)}`.repeat(900)}`, 'TemplateSyntaxError'],
    ['a string without end', `{{ '${'\\'.repeat(900_000)}`, 'TemplateSyntaxError'],
    ['digits', `{{ ${'1_'.repeat(400_000)} }}`, 'TemplateSyntaxError'],
    ['fields with brackets', `{{ '{${'['.repeat(500)}!x!}'.format(1) }}`, 'ValueError'],
    ['a name', `{{ ${'a'.repeat(900_000)} }}`, null],
  ])('%s', (_, template, type) => {
    const found = refusal(template);
    if (type === null) expect(found).toBe(null);
    else expect(found).toMatchObject({ type });
  });
});

describe('what Python alone can tell', () => {
  it.each([
    ['surrogates, of which two are one character here', "{{ '\\ud83d\\ude00' | length }}", 'a surrogate in a string'],
    ['whether two nan are one', '{% set i = nan | float %}{{ i is sameas i }}', 'sameas between two nan'],
  ])('%s', (_, template, construct) => {
    expect(refusal(template, { nan: 'nan' })).toMatchObject({ type: 'NotSupported', message: expect.stringContaining(construct) });
  });
});
