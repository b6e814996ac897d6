/** What a 422 says is on the page, once: at the control it is about, or else in the answer's box; for every endpoint, with its examples made wrong. */
import { MantineProvider } from '@mantine/core';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { ApiError, type ErrorItem, parseInput, type Problem, type Route, routes } from '../../contract/index.ts';
import { jsonSchemaOf } from '../kit/json/json-schema.ts';
import { faultSentence } from '../kit/problem/problem-parts.ts';
import { ProblemView } from './response/problem-view.tsx';
import { isSaidInForm, saidOf } from '../kit/form/faults.ts';
import { type FieldOf, formModel, isRecord } from '../kit/form/model.ts';
import { SchemaForm } from '../kit/form/schema-form.tsx';

/** Values that a place of an example is given in place of its own. */
const WRONG: readonly unknown[] = [-1, 'wrong', null, [-1, 'x'], { wrong: 1 }];

/** Every way to make one place of the value wrong. */
function* mutated(value: unknown): Generator<unknown> {
  yield* WRONG;
  if (Array.isArray(value)) {
    const [first, second] = value as readonly unknown[];
    if (first !== undefined) for (const other of mutated(first)) yield second === undefined ? [other] : [second, other];
  } else if (typeof value === 'object' && value !== null) {
    yield { ...value, temprature: 1 };
    for (const [name, part] of Object.entries(value)) {
      const { [name]: _, ...rest } = value as Record<string, unknown>;
      yield rest;
      for (const other of mutated(part)) yield { ...value, [name]: other };
    }
  }
}

function problemOf({ endpoint }: Route, input: unknown): Problem | null {
  try {
    parseInput(endpoint.input.strict(), input);
    return null;
  } catch (error) {
    return ApiError.from(error).toProblem('test');
  }
}

const nothing = () => undefined;

/** The rows that have something to say, which is all that a test need wait for. */
function concerned(form: FieldOf<'object'>, input: unknown, { errors }: Problem): [form: FieldOf<'object'>, input: unknown] {
  const isConcerned = (name: string) => errors.some(({ path }) => path.split('/')[1] === name);
  const part = isRecord(input) ? Object.fromEntries(Object.entries(input).filter(([name]) => isConcerned(name))) : input;
  return [{ ...form, properties: form.properties.filter(({ name }) => isConcerned(name)) }, part];
}

/** The words of form and box, as the page shows them beside each other. */
function wordsOf(form: FieldOf<'object'>, whole: unknown, problem: Problem): string {
  const [field, input] = concerned(form, whole, problem);
  const html = renderToStaticMarkup(
    <MantineProvider withCssVariables={false} withGlobalClasses={false}>
      <SchemaForm field={field} value={input} onChange={nothing} faults={problem.errors} />
      <ProblemView problem={problem} isAtField={(item) => isSaidInForm(field, input, item)} onField={nothing} />
    </MantineProvider>,
  );
  return (
    html
      .replaceAll(/<style[^]*?<\/style>/g, '')
      .replaceAll(/<(?:textarea|option|script)[^]*?<\/(?:textarea|option|script)>/g, '')
      .replaceAll(/<(?:p|fieldset)[ >]/g, '\n$&')
      // The link to a field and what is wrong with it are one sentence.
      .replaceAll(/<\/(?:p|li|div|section|h3|fieldset|button)>(?! <span>)/g, '\n')
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll('&quot;', '"')
      .replaceAll('&#x27;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&')
  );
}

function timesIn(words: string, sentence: string): number {
  return words.split(sentence).filter((before, at, all) => at < all.length - 1 && !/[\w.\]]$/.test(before)).length;
}

it.each(routes.map((route) => [`${route.service}/${route.operation}`, route] as const))('%s', (_, route) => {
  const field = formModel(jsonSchemaOf(route.endpoint.input, 'input')) as FieldOf<'object'>;
  const seen = new Set<string>();
  for (const example of route.endpoint.examples) {
    for (const input of mutated(example.input)) {
      const problem = problemOf(route, input);
      if (!problem) continue;
      // What is told in the same words is drawn once.
      const key = problem.detail;
      if (seen.has(key)) continue;
      seen.add(key);
      const words = wordsOf(field, input, problem);
      for (const error of problem.errors.slice(0, 4))
        expect(timesIn(words, faultSentence(error)), `${faultSentence(error)} for ${JSON.stringify(input).slice(0, 400)}`).toBe(1);
    }
  }
  expect(seen.size).toBeGreaterThan(0);
});

it('a thousand faults of one list are told by the first and their number', () => {
  const faults = Array.from({ length: 100 }, (_, at): ErrorItem => ({
    path: `/input_ids/${at}`,
    message: 'must be at least 0; it is −1.',
  }));
  expect(saidOf(faults)).toMatch(/^input_ids\[0\] must.* input_ids\[3\] must be at least 0; it is −1\. 96 more faults here\.$/);
});
