/** One case of a candidate kernel on the GPU: whether its loops end, what it touches, and how far it lies from the reference. */
import { agreementOf } from '../../../contract/agreement.ts';
import type { ShaderDefinition } from '../../computation/kernel-definition.ts';
import { elementsOf, type KernelCall, shapeOf } from '../../computation/kernel-inputs.ts';
import { referenceOutputs, uniformOf } from '../../computation/open-kernel.ts';
import { CaseFailure } from '../check/case.ts';
import { ALL_POISONED, firstDifference, isOverwritten, padded, PADDING_BYTES, type Poisoned, POISONS } from './overruns.ts';
import type { ShaderBench } from '../../../ports/shaders.ts';
import { type Access, toldOf, type WatchedShader, watchedShader } from './watched-shader.ts';

/** What is wrong with a kernel, at a place of its source where there is one. */
export class KernelFailure extends CaseFailure {
  constructor(
    message: string,
    expected: unknown,
    got: unknown,
    readonly place: { line: number; column: number } | null = null,
  ) {
    super(message, expected, got);
  }
}

interface Trial {
  kernel: ShaderDefinition;
  source: string;
  call: KernelCall;
  bench: ShaderBench;
  /** Of the candidate, in all. */
  remainingMs: () => number;
}

/** @throws KernelFailure, ShaderError */
export async function tryKernel(trial: Trial): Promise<{ max_abs_error: number; unused: Access[] }> {
  const { kernel, source, call } = trial;
  const watch = (accesses: boolean) => run(trial, watchedShader(source, accesses), null);
  // A name that is taken twice may not bear the comparison: places are then not known, and what is out of bounds is found all the same.
  const exact = await watch(true).catch(() => watch(false));
  const turns = exact.watched.loops.map((_, word) => exact.probe[word]!);
  const most = Math.max(0, ...turns);
  if (most > 0) {
    const looping = exact.watched.loops[turns.indexOf(most)]!;
    throw new KernelFailure(
      `This \`${looping.keyword}\` was left after ${most} turns in a case of a few hundred values: it does not end, or not soon.`,
      'an end',
      `${most} turns`,
      looping,
    );
  }
  const seen = exact.watched.accesses.filter((_, i) => exact.probe[exact.watched.loops.length + i] === 1);
  await refuseOverruns(trial, exact.watched, exact.outputs, seen);
  const expected = referenceOutputs(kernel, call);
  const agreement = agreementOf(
    kernel.outputs.map((port, i) => ({
      name: port.name,
      shape: shapeOf(port, call.sizes),
      expected: expected[port.name]!,
      actual: exact.outputs[i]!,
    })),
    kernel.tolerance,
  );
  const { worst, passed, max_abs_error } = agreement;
  if (!passed && worst)
    throw new KernelFailure(
      `\`${worst.output}[${worst.index.join(', ')}]\` is ${shown(worst.actual)} where the reference has ${shown(worst.expected)}; the tolerance is ${kernel.tolerance}.`,
      worst.expected,
      worst.actual,
    );
  return { max_abs_error, unused: seen };
}

const shown = (value: number | null) => (value === null ? 'not finite' : String(value));

type Outputs = Awaited<ReturnType<ShaderBench['run']>>['outputs'];

/** @param seen accesses beyond a binding that the shader saw itself, for their places */
async function refuseOverruns(trial: Trial, watched: WatchedShader, exact: Outputs, seen: readonly Access[]): Promise<void> {
  const { kernel, call } = trial;
  const lengths = kernel.outputs.map((port) => elementsOf(port, call.sizes));
  const names = [...kernel.inputs, ...kernel.outputs].map(({ name }) => name);
  const poisoned = async (poison: number, where: Poisoned) => (await run(trial, watched, { poison, where })).outputs;
  const differs = (outputs: Outputs, from: Outputs) =>
    outputs.some((output, i) => firstDifference(output, from[i]!, lengths[i]!, kernel.tolerance) >= 0);

  const runs: Outputs[] = [];
  for (const poison of POISONS) {
    const outputs = await poisoned(poison, ALL_POISONED);
    runs.push(outputs);
    outputs.forEach((output, i) => {
      const binding = kernel.inputs.length + i;
      if (isOverwritten(output, lengths[i]!, poison)) throw beyond('Writes', binding);
    });
  }
  // The device may drop a write beyond a buffer: then nothing is overwritten, and the shader alone saw it.
  const written = seen.find(({ writes }) => writes);
  if (written) throw beyond('Writes', written.binding);
  if (!runs.some((outputs) => differs(outputs, exact))) return;

  // Something depends on what lies where the kernel has no business: one binding after the other tells which.
  for (let binding = 0; binding < names.length; binding++) {
    const only = (at: number) => at === binding;
    const none = () => false;
    for (const poison of POISONS) {
      if (differs(await poisoned(poison, { padding: only, outputs: none }), await poisoned(poison, { padding: none, outputs: none })))
        throw beyond('Reads', binding);
      if (binding < kernel.inputs.length) continue;
      const kept = await poisoned(poison, { padding: none, outputs: only });
      const output = binding - kernel.inputs.length;
      const place = firstDifference(kept[output]!, exact[output]!, lengths[output]!, kernel.tolerance);
      if (place >= 0)
        throw new KernelFailure(
          `\`${names[binding]}\` (binding ${binding}) keeps or adds to what stood there before, first at element ${place}: every element must be written.`,
          'written',
          'what stood there',
        );
    }
  }
  throw new KernelFailure('Two runs on the same inputs gave different outputs: invocations race for a place.', 'the same', 'different');

  function beyond(what: 'Reads' | 'Writes', binding: number): KernelFailure {
    const place = seen.find((access) => access.binding === binding && access.writes === (what === 'Writes')) ?? null;
    return new KernelFailure(
      `${what} \`${names[binding]}\` (binding ${binding}) out of bounds.`,
      'within the binding',
      'beyond its end',
      place && { line: place.line, column: place.column },
    );
  }
}

async function run(trial: Trial, watched: WatchedShader, poison: { poison: number; where: Poisoned } | null) {
  const { kernel, call, bench, remainingMs } = trial;
  const inputs = kernel.inputs.map(({ name }) => call.inputs[name]!);
  const outputs = kernel.outputs.map((port) => ({ dtype: port.dtype, length: elementsOf(port, call.sizes) }));
  const result = await bench.run({
    source: watched.source,
    ...(poison ? padded({ inputs, outputs }, poison.poison, poison.where) : { inputs, outputs }),
    uniform: uniformOf(kernel, call),
    workgroups: kernel.workgroups(call.sizes),
    timeLimitMs: Math.max(1, remainingMs()),
    probe: { words: Math.max(1, watched.loops.length + watched.accesses.length), told: toldOf(poison ? PADDING_BYTES : 0) },
  });
  return { ...result, watched };
}
