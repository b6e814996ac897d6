/** Jinja2 as `transformers` sets it up for chat templates: the door of this room. */
import { check } from './check.ts';
import { JinjaError } from './errors.ts';
import { FILTERS } from './filters/index.ts';
import type { Statement } from './nodes.ts';
import { parse } from './parse-statement.ts';
import { Renderer } from './render.ts';
import { TESTS } from './tests.ts';

const KNOWN = { filters: new Set(FILTERS.keys()), tests: new Set(TESTS.keys()) };

export interface RenderOptions {
  readonly now?: () => Date;
  readonly maxSteps?: number;
}

export class JinjaTemplate {
  readonly #body: readonly Statement[];

  /** @throws JinjaError with the line */
  constructor(source: string) {
    this.#body = parse(source);
    check(this.#body, KNOWN);
  }

  /**
   * @param variables values of JSON
   * @param options what `strftime_now` reads, and a bound of the work other than the usual one
   * @throws JinjaError with the line
   */
  render(variables: Readonly<Record<string, unknown>>, { now = () => new Date(), maxSteps }: RenderOptions = {}): string {
    return new Renderer(this.#body, variables, now, maxSteps).render(this.#body);
  }
}

export { JinjaError };
