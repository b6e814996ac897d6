/** A whole life of an engine, drawn at random: its configuration, its requests, and what befalls it. */
import fc from 'fast-check';
import { EVICTION_RULES } from '../../patchable/memory/index.ts';
import { POLICIES } from '../../patchable/scheduler/index.ts';
import sjf from '../../patchable/scheduler/sjf.ts';
import type { EngineConfig } from '../config.ts';
import type { PolicySource } from '../policy.ts';

export const VOCABULARY = 8;
export const CONTEXT = 40;

export interface ScenarioRequest {
  atStep: number;
  promptTokenIds: number[];
  maxNewTokens: number;
  n: number;
  temperature: number;
  seed: number;
  priority: number;
  client: string;
  deadlineMs: number | undefined;
  eosTokenIds: number[];
}

export type Incident =
  | { kind: 'cancel'; request: number }
  | { kind: 'allocate'; tokens: number }
  | { kind: 'free' }
  | { kind: 'configure'; changes: Partial<EngineConfig> }
  | { kind: 'revision'; seed: number; unfinished: 'replay' | 'end' }
  | { kind: 'weights'; seed: number; unfinished: 'replay' | 'end' };

export interface Scenario {
  numBlocks: number;
  blockSize: number;
  config: Omit<EngineConfig, 'numBlocks' | 'blockSize'>;
  tierCapacities: number[];
  requests: ScenarioRequest[];
  incidents: (Incident & { atStep: number })[];
  /** Which runs reject. The pool is lost then, unless `poolIntact`. */
  faults: number[];
  poolIntact: boolean;
  /** Which reads and writes of a tier reject. */
  tierFaults: number[];
}

const settings = {
  maxNumSeqs: fc.integer({ min: 1, max: 6 }),
  tokenBudget: fc.integer({ min: 1, max: 24 }),
  chunkSize: fc.integer({ min: 1, max: 12 }),
  mode: fc.constantFrom('prefill_first' as const, 'decode_first' as const, 'mixed' as const),
  preemption: fc.constantFrom('recompute' as const, 'swap' as const),
  strategy: fc.constantFrom('paged' as const, 'paged' as const, 'dynamic' as const, 'static' as const),
  eviction: fc.constantFrom(...EVICTION_RULES),
  watermark: fc.constantFrom(0, 0, 0.1, 0.3),
  prefixCaching: fc.constantFrom(true, true, false),
};

/** Shortest job first lets who runs go on, unless it is told otherwise. */
const srpt: PolicySource = { ...sjf, create: (parameters) => sjf.create({ ...parameters, preemptive: 1 }) };

const policy = fc.constantFrom(...POLICIES, srpt);

/** Few tokens and shared beginnings, so that prefixes meet. */
const prompt = fc
  .tuple(
    fc.constantFrom([1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 0, 0, 0, 0, 0, 0, 0], [3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]),
    fc.nat(12),
    fc.array(fc.nat(VOCABULARY - 1), { maxLength: 8 }),
  )
  .map(([prefix, length, tail]) => [...prefix.slice(0, length), ...tail])
  .filter((tokenIds) => tokenIds.length > 0);

const request: fc.Arbitrary<ScenarioRequest> = fc.record({
  atStep: fc.nat(30),
  promptTokenIds: prompt,
  maxNewTokens: fc.integer({ min: 1, max: 14 }),
  n: fc.constantFrom(1, 1, 1, 2, 3),
  temperature: fc.constantFrom(0, 0, 1),
  seed: fc.nat(3),
  priority: fc.integer({ min: -2, max: 2 }),
  client: fc.constantFrom('a', 'b', 'c'),
  deadlineMs: fc.option(fc.nat(2000), { nil: undefined }),
  eosTokenIds: fc.constantFrom([], [], [0]),
});

const incident: fc.Arbitrary<Incident> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('cancel' as const), request: fc.nat(11) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('allocate' as const), tokens: fc.integer({ min: 1, max: 20 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('free' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('configure' as const),
      changes: fc.record({ ...settings, policy, numBlocks: fc.integer({ min: 4, max: 24 }) }, { requiredKeys: [] }) as fc.Arbitrary<
        Partial<EngineConfig>
      >,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('revision' as const),
      seed: fc.integer({ min: 1, max: 2 }),
      unfinished: fc.constantFrom('replay' as const, 'end' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('weights' as const),
      seed: fc.integer({ min: 1, max: 2 }),
      unfinished: fc.constantFrom('replay' as const, 'end' as const),
    }),
  },
);

export interface ScenarioOptions {
  /** Without them nothing cancels, fails or changes: each request must end as asked. */
  withIncidents?: boolean;
}

export function scenarios({ withIncidents = true }: ScenarioOptions = {}): fc.Arbitrary<Scenario> {
  const few = <T>(arbitrary: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<T[]> =>
    fc.array(arbitrary, { maxLength: withIncidents ? maxLength : 0 });
  return fc.record({
    numBlocks: fc.integer({ min: 4, max: 24 }),
    blockSize: fc.integer({ min: 1, max: 4 }),
    config: fc.record({ ...settings, policy, policyParameters: fc.constant({}), queueLimit: fc.constantFrom(3, 100, 100) }),
    tierCapacities: fc.array(fc.nat(12), { maxLength: 2 }),
    requests: fc.array(request, { minLength: 1, maxLength: 10 }),
    incidents: few(
      fc.tuple(fc.nat(30), incident).map(([atStep, what]) => ({ ...what, atStep })),
      6,
    ),
    faults: fc.oneof({ weight: 3, arbitrary: fc.constant<number[]>([]) }, { weight: 1, arbitrary: few(fc.nat(40), 6) }),
    poolIntact: fc.boolean(),
    tierFaults: fc.oneof({ weight: 4, arbitrary: fc.constant<number[]>([]) }, { weight: 1, arbitrary: few(fc.nat(30), 4) }),
  });
}
