/** Each template gives what Jinja2 gives, set up as `transformers` does, or is refused where Jinja2 refuses it. The values are made by fixtures/jinja. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { JinjaError, JinjaTemplate } from './index.ts';

interface Case {
  readonly group: string;
  readonly template: string;
  readonly text?: string;
  /** Python prints an address, which no two runs share. */
  readonly address?: true;
  readonly error?: string;
  readonly message?: string;
}

const read = <T>(file: string) => JSON.parse(readFileSync(`fixtures/jinja/${file}`, 'utf8')) as T;
type DateParts = [year: number, month: number, day: number, hour: number, minute: number, second: number, millisecond: number];
interface DateCase {
  readonly now: DateParts;
  readonly format: string;
  readonly text: string;
}
const { variables, dates, cases } = read<{ variables: Record<string, unknown>; dates: DateCase[]; cases: Case[] }>('expressions.json');
/** What `strftime_now` read when the golden values were made. */
const now = () => new Date(2024, 1, 6, 15, 4, 5, 678);
const render = (template: string) => new JinjaTemplate(template).render(variables, { now });
const named = (some: Case[]) => some.map((one) => [one.template, one] as const);

function refusalOf(template: string): JinjaError {
  try {
    render(template);
  } catch (error) {
    if (error instanceof JinjaError) return error;
    throw error;
  }
  throw new Error(`${template} was rendered.`);
}

describe.each([...new Set(cases.map(({ group }) => group))])('%s', (group) => {
  const own = cases.filter((each) => each.group === group);

  it.each(named(own.filter(({ text }) => text !== undefined)))('%s', (template, { text }) => {
    expect(render(template)).toBe(text);
  });

  it.for(named(own.filter(({ error }) => error !== undefined)))('%s is refused', ([template, { error, message }]) => {
    const refusal = refusalOf(template);
    expect(refusal.line).toBeGreaterThan(0);
    // What a template itself says, and what is not there, is said in the same words.
    if (error === 'TemplateError' || error === 'UndefinedError') expect(refusal).toMatchObject({ type: error, message });
  });

  it.for(named(own.filter(({ address }) => address)))('%s prints an address in Python, and is refused', ([template]) => {
    expect(refusalOf(template)).toMatchObject({ type: 'NotSupported' });
  });
});

it.each(dates)('$now as $format', ({ now: [year, month, ...rest], format, text }) => {
  expect(new JinjaTemplate('{{ strftime_now(format) }}').render({ format }, { now: () => new Date(year, month - 1, ...rest) })).toBe(text);
});
