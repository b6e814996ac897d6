/** What a scheduling policy is: a rank over requests, written once and run by the live engine and by the simulation alike. */

/** What a policy may know of a request. */
export interface RequestView {
  readonly id: string;
  readonly client: string;
  /** Lower is more urgent. */
  readonly priority: number;
  /** When the request should have ended, on the same clock as `nowMs`; `null`: no deadline. */
  readonly deadlineMs: number | null;
  readonly arrivalMs: number;
  /** 0 for the first request ever, 1 for the next. */
  readonly arrivalOrder: number;
  readonly state: 'waiting' | 'running' | 'swapped' | 'finished';
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly maxNewTokens: number;
  /** Tokens of the context still to be computed before the next token can come. */
  readonly uncomputedTokens: number;
  /** Tokens that the prefix cache holds now (waiting) or gave (running). */
  readonly cachedTokens: number;
  readonly preemptions: number;
}

/** A policy at work, with its own state for one engine or one simulation. */
export interface Policy {
  /** Lower goes first; equal ranks go in order of arrival. The highest ranks are preempted first. */
  rank(request: RequestView, nowMs: number): number;
  /**
   * A waiting request for which there is no seat, or no block, takes those of running ones with a higher rank, at the next step. Ranks
   * should then not turn with what is served, or two requests take each other's seat for ever. Left out: who runs goes on running.
   */
  readonly preempts?: boolean;
  /** A request has joined the queue. */
  arrived?(request: RequestView, others: readonly RequestView[]): void;
  /** Tokens were computed for a request. */
  served?(request: RequestView, tokens: { readonly prefill: number; readonly decode: number }): void;
}

export interface PolicyParameter {
  readonly default: number;
  readonly description: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The default export of a policy's file. */
export interface PolicySource {
  readonly name: string;
  /** One sentence: the reason that decisions give. */
  readonly rule: string;
  readonly parameters: Readonly<Record<string, PolicyParameter>>;
  create(parameters: Readonly<Record<string, number>>): Policy;
}

/** A parameter that the policy has not, or that does not fit. */
export class PolicyParameterError extends RangeError {
  override readonly name = 'PolicyParameterError';
  constructor(
    policy: string,
    readonly parameter: string,
    /** What is wrong with it, to be said after its name. */
    readonly fault: string,
  ) {
    super(`${policy}.${parameter} ${fault}`);
  }
}

/** The active parameters: the given ones over the defaults. @throws PolicyParameterError */
export function policyParameters(source: PolicySource, given: Readonly<Record<string, number>> = {}): Record<string, number> {
  const values: Record<string, number> = {};
  for (const [name, parameter] of Object.entries(source.parameters)) values[name] = parameter.default;
  for (const [name, value] of Object.entries(given)) {
    const parameter = source.parameters[name];
    if (!parameter) {
      const known = Object.keys(source.parameters);
      throw new PolicyParameterError(
        source.name,
        name,
        `is no parameter of ${source.name}, which has ${known.length > 0 ? known.join(', ') : 'none'}.`,
      );
    }
    const { minimum = -Infinity, maximum = Infinity } = parameter;
    const shown = String(value).replace('-', '\u2212');
    if (!(value >= minimum)) throw new PolicyParameterError(source.name, name, `must be at least ${minimum}; it is ${shown}.`);
    if (value > maximum) throw new PolicyParameterError(source.name, name, `must be at most ${maximum}; it is ${shown}.`);
    values[name] = value;
  }
  return values;
}
