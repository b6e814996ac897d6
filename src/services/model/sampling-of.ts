/** The sampler's parameters as the engine spells them: what the contract has and the engine does not would not compile, nor the other way round. */
import type { z } from 'zod';
import { type sampling, samplingFields } from '../../contract/sampling.ts';
import type { SamplingParams } from '../../engine/index.ts';

type Camel<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S;
type Asked = z.output<typeof sampling>;
type Heeded = { [K in keyof Asked as Camel<K>]: Asked[K] };
/** What the engine has no place for is nothing that it could be given. */
type Known = keyof Heeded extends keyof SamplingParams ? Heeded : never;

export const samplingOf = (request: Asked): Known =>
  Object.fromEntries(
    (Object.keys(samplingFields) as (keyof Asked)[]).map((name) => [
      name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      request[name],
    ]),
  ) as Known;
