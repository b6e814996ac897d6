/** From what a caller gives to what a kernel runs on: sizes told by shapes, inputs drawn from a seed, and every misfit answered precisely. */
import { type ErrorItem, faultOf, invalidInput, numberWithin, shownNumber, type Tensor, tensorData } from '../../contract/index.ts';
import { randomAt } from '../../engine/index.ts';
import { evaluateFormula, type KernelNumbers, type KernelTensors } from '../../patchable/kernels/index.ts';
import type { KernelDefinition, Port } from './kernel-definition.ts';
import type { Values } from '../../ports/shaders.ts';

export interface KernelCall {
  sizes: KernelNumbers;
  parameters: KernelNumbers;
  inputs: KernelTensors;
}

interface Given {
  inputs?: Readonly<Record<string, Tensor>> | undefined;
  sizes?: KernelNumbers | undefined;
  parameters?: KernelNumbers | undefined;
  seed: number;
}

/** Operations of one dispatch: more could hold the device for seconds, and it can't be stopped. */
const MAX_FLOPS = 4e11;
const MAX_ELEMENTS = 64 * 2 ** 20;

/** @throws ApiError validation_failed naming the input, what its shape is and what it must be */
export function kernelCall(kernel: KernelDefinition, given: Given): KernelCall {
  const parameters = parametersOf(kernel, given.parameters ?? {});
  const hasInputs = Object.keys(given.inputs ?? {}).length > 0;
  const sizes = hasInputs ? sizesOfInputs(kernel, given.inputs!, given.sizes ?? {}) : withExamples(kernel, given.sizes ?? {});
  checkSizes(kernel, sizes, parameters);
  const inputs = hasInputs ? valuesOf(kernel, given.inputs!) : drawInputs(kernel, sizes, given.seed);
  checkLengths(inputs, sizes);
  return { sizes, parameters, inputs };
}

export const shapeOf = ({ shape }: Port, sizes: KernelNumbers): number[] => shape.map((formula) => evaluateFormula(formula, sizes));
export const elementsOf = (port: Port, sizes: KernelNumbers): number => shapeOf(port, sizes).reduce((product, dim) => product * dim, 1);

function parametersOf({ id, parameters }: KernelDefinition, given: KernelNumbers): KernelNumbers {
  const errors: ErrorItem[] = [];
  for (const [name, value] of Object.entries(given)) {
    const known = parameters[name];
    const path = `/parameters/${name}`;
    if (!known) errors.push({ path, message: `is no parameter of ${id}, which has ${Object.keys(parameters).join(', ') || 'none'}.` });
    const fault = known && faultOf(numberWithin(known), value);
    if (fault) errors.push({ path, message: fault });
  }
  if (errors.length > 0) throw invalidInput(errors);
  return Object.fromEntries(Object.entries(parameters).map(([name, { default: value }]) => [name, given[name] ?? value]));
}

function withExamples({ id, sizes }: KernelDefinition, given: KernelNumbers): KernelNumbers {
  const unknown = Object.keys(given).filter((name) => !(name in sizes));
  if (unknown.length > 0)
    throw invalidInput(
      unknown.map((name) => ({ path: `/sizes/${name}`, message: `is no size of ${id}, which has ${Object.keys(sizes).join(', ')}.` })),
    );
  return Object.fromEntries(Object.entries(sizes).map(([name, { example }]) => [name, given[name] ?? example]));
}

/** Sizes that stand alone in a shape are read from it; all others must then agree. */
function sizesOfInputs(kernel: KernelDefinition, inputs: Readonly<Record<string, Tensor>>, given: KernelNumbers): KernelNumbers {
  const errors: ErrorItem[] = [];
  const known: Record<string, number> = {};
  const names = kernel.inputs.map(({ name }) => name);
  for (const name of Object.keys(inputs).filter((candidate) => !names.includes(candidate)))
    errors.push({ path: `/inputs/${name}`, message: `is no input of ${kernel.id}, which takes ${names.join(', ')}.` });
  for (const port of kernel.inputs) {
    const tensor = inputs[port.name];
    const path = `/inputs/${port.name}`;
    if (!tensor) {
      if (!port.optional) errors.push({ path, message: `is missing: ${port.dtype} [${port.shape.join(', ')}].` });
    } else if (tensor.shape.length !== port.shape.length) {
      errors.push({
        path: `${path}/shape`,
        message: `must have ${port.shape.length} axes, [${port.shape.join(', ')}]; it is [${tensor.shape.join(', ')}].`,
      });
    } else {
      port.shape.forEach((formula, axis) => {
        if (formula in kernel.sizes) known[formula] ??= tensor.shape[axis]!;
      });
    }
  }
  if (errors.length > 0) throw invalidInput(errors);
  const sizes = withExamples(kernel, { ...given, ...known });
  for (const port of kernel.inputs) {
    const tensor = inputs[port.name];
    const wanted = shapeOf(port, sizes);
    if (tensor && tensor.shape.some((dim, axis) => dim !== wanted[axis]))
      errors.push({
        path: `/inputs/${port.name}/shape`,
        message: `must be [${port.shape.join(', ')}] = [${wanted.join(', ')}] beside the others; it is [${tensor.shape.join(', ')}].`,
      });
  }
  for (const [name, value] of Object.entries(given))
    if (sizes[name] !== value) errors.push({ path: `/sizes/${name}`, message: `is ${value}, and the inputs have ${sizes[name]}.` });
  if (errors.length > 0) throw invalidInput(errors);
  return sizes;
}

function checkSizes(kernel: KernelDefinition, sizes: KernelNumbers, parameters: KernelNumbers): void {
  const errors: ErrorItem[] = [];
  const fail = (name: string, message: string): void => void errors.push({ path: `/sizes/${name}`, message });
  for (const [name, { minimum = 1, maximum }] of Object.entries(kernel.sizes)) {
    const value = sizes[name]!;
    const fault = faultOf(numberWithin({ minimum, maximum }), value);
    if (fault !== null) fail(name, fault);
  }
  const [heads, kvHeads] = [sizes['heads'], sizes['kv_heads']];
  if (heads !== undefined && kvHeads !== undefined && heads % kvHeads !== 0)
    fail('heads', `must be a multiple of kv_heads = ${kvHeads}; it is ${heads}.`);
  const [queries, keys] = [sizes['queries'], sizes['keys']];
  if (queries !== undefined && keys !== undefined && parameters['causal'] && queries > keys)
    fail('queries', `must be at most keys = ${keys} in causal attention; it is ${queries}.`);
  if (errors.length === 0) {
    for (const port of [...kernel.inputs, ...kernel.outputs]) {
      const elements = elementsOf(port, sizes);
      if (elements > MAX_ELEMENTS)
        errors.push({
          path: '/sizes',
          message: `make ${port.name} ${shownNumber(elements)} values long; at most ${shownNumber(MAX_ELEMENTS)} are taken.`,
        });
    }
    const flops = evaluateFormula(kernel.flops, sizes);
    if (flops > MAX_FLOPS)
      errors.push({
        path: '/sizes',
        message: `ask for ${shownNumber(flops)} operations at once; at most ${shownNumber(MAX_FLOPS)} are dispatched.`,
      });
  }
  if (errors.length > 0) throw invalidInput(errors);
}

function valuesOf(kernel: KernelDefinition, inputs: Readonly<Record<string, Tensor>>): KernelTensors {
  const values: Record<string, Values> = {};
  for (const { name, dtype } of kernel.inputs) {
    const tensor = inputs[name];
    if (!tensor) continue;
    const Type = dtype === 'float32' ? Float32Array : Int32Array;
    let data: ReturnType<typeof tensorData>;
    try {
      data = tensorData(tensor);
    } catch (error) {
      const why = error instanceof RangeError ? error.message : 'It is not base64.';
      throw invalidInput([{ path: `/inputs/${name}/data`, message: `must hold the values of the shape. ${why}` }]);
    }
    if (data instanceof Type) values[name] = data;
    else {
      const held = Type.from(data);
      const lost = held.findIndex((value, i) => (dtype === 'float32' ? !Number.isFinite(value) : value !== data[i]));
      if (lost >= 0) throw invalidInput([{ path: `/inputs/${name}/data/${lost}`, message: `must be of ${dtype}; it is ${data[lost]}.` }]);
      values[name] = held;
    }
  }
  return values;
}

/** Required inputs, normally distributed, the same for the same seed; angles of rotary positions are real ones. */
function drawInputs(kernel: KernelDefinition, sizes: KernelNumbers, seed: number): KernelTensors {
  const values: Record<string, Values> = {};
  kernel.inputs.forEach((port, i) => {
    if (port.dtype !== 'float32' || (port.optional && sizes['past'] === 0)) return;
    const random = randomAt(seed, i, 0);
    const data = new Float32Array(elementsOf(port, sizes));
    for (let j = 0; j < data.length; j++) data[j] = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    if (port.name === 'cosines' || port.name === 'sines') {
      const half = sizes['half_dim']!;
      const turn = port.name === 'cosines' ? Math.cos : Math.sin;
      for (let j = 0; j < data.length; j++) data[j] = turn(Math.floor(j / half) * 10_000 ** (-(j % half) / half));
    }
    values[port.name] = data;
  });
  return values;
}

/** Lengths of ragged attention count places that are there. */
function checkLengths(inputs: KernelTensors, sizes: KernelNumbers): void {
  const errors: ErrorItem[] = [];
  const check = (name: string, minimum: number, maximum: number): void =>
    inputs[name]?.forEach((value, i) => {
      if (value >= minimum && value <= maximum) return;
      const message = faultOf(numberWithin({ minimum, maximum }), value);
      if (message !== null) errors.push({ path: `/inputs/${name}/data/${i}`, message });
    });
  check('past_lengths', 0, sizes['past'] ?? 0);
  check('lengths', 1, sizes['tokens'] ?? 1);
  if ((inputs['past_k'] === undefined) !== (inputs['past_v'] === undefined))
    errors.push({ path: '/inputs/past_v', message: 'goes with past_k: give both or none.' });
  if (errors.length > 0) throw invalidInput(errors);
}
