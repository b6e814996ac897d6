/** Jinja2 as `transformers` sets it up for chat templates: the door of this room. */
import { check } from './check.ts';
import { JinjaError } from './errors.ts';
import { FILTERS } from './filters/index.ts';
import type { Statement } from './nodes.ts';
import { parse } from './parse-statement.ts';
import { Renderer } from './render.ts';
import { TESTS } from './tests.ts';

const KNOWN = { filters: new Set(FILTERS.keys()), tests: new Set(TESTS.keys()) };

export class JinjaTemplate {
  readonly #body: readonly Statement[];

  /** @throws JinjaError with the line */
  constructor(source: string) {
    this.#body = parse(source);
    check(this.#body, KNOWN);
  }

  /**
   * @param variables values of JSON
   * @param now what `strftime_now` reads
   * @throws JinjaError with the line
   */
  render(variables: Readonly<Record<string, unknown>>, now: () => Date = () => new Date()): string {
    return new Renderer(this.#body, variables, now).render(this.#body);
  }
}

export { JinjaError };
