/** What can be wrong with a model before it runs: its graph code, its config, its weights. */

/** A fragment asked for something that has no meaning, such as a product of shapes that do not fit. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  constructor(
    /** The builder's operation: `matmul`. */
    readonly op: string,
    /** Where in the model: `layers.3/attention`, empty outside. */
    readonly where: string,
    readonly expected: string,
    readonly got: string,
  ) {
    super(`${op}${where ? ` in ${where}` : ''}: expected ${expected}, got ${got}.`);
  }
}

/** `config.json` describes a model that cannot be built. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(
    /** The field of config.json. */
    readonly field: string,
    readonly got: unknown,
    /** What would be accepted. */
    readonly supported: string,
  ) {
    super(
      `config.json: ${field} is ${typeof got === 'number' ? String(got) : (JSON.stringify(got) ?? 'missing')}; supported: ${supported}.`,
    );
  }
}

/** One thing wrong with a weights file. */
export interface WeightProblem {
  kind: 'missing' | 'shape' | 'dtype' | 'size';
  /** Name of the tensor as the architecture knows it. */
  tensor: string;
  expected: string;
  got: string;
}

/** The tensors do not fit the config. Lists every problem, not only the first. */
export class WeightsError extends Error {
  override readonly name = 'WeightsError';
  constructor(readonly problems: readonly WeightProblem[]) {
    const shown = problems
      .slice(0, 5)
      .map(({ kind, tensor, expected, got }) =>
        kind === 'missing' ? `${tensor} is missing (expected ${expected})` : `${tensor}: expected ${expected}, got ${got}`,
      );
    super(`Weights do not fit config.json: ${shown.join('; ')}${problems.length > 5 ? `; and ${problems.length - 5} more` : ''}.`);
  }
}
