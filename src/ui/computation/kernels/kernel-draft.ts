/** A run of a kernel as it is being written: sizes and a seed, or inputs of one's own. */
import { invalidInput, tensorData } from '../../../contract/index.ts';
import { compactJson } from '../../kit/json/compact-json.ts';
import { readJson } from '../../kit/json/json-text.ts';
import type { ExecutionInput } from '../executions.ts';
import type { Kernel } from '../queries.ts';

export interface KernelDraft {
  from: 'seed' | 'own';
  /** What is left out is as the kernel has it in its example. */
  sizes: Readonly<Record<string, number | null>>;
  parameters: Readonly<Record<string, number | null>>;
  seed: number;
  /** Tensors by name, as JSON. */
  inputs: string;
  checkReference: boolean;
}

/** Of the digits of a drawn number, so many are shown to edit. */
const DIGITS = 4;

export function draftOf(kernel: Kernel): KernelDraft {
  const known = sizesOf(kernel.example_input, kernel);
  return {
    from: 'seed',
    sizes: Object.fromEntries(kernel.sizes.map(({ name }) => [name, known[name] ?? null])),
    parameters: Object.fromEntries(kernel.parameters.map(({ name, default: value }) => [name, value])),
    seed: 0,
    inputs: exampleText(kernel.example_input),
    checkReference: true,
  };
}

/** @throws ApiError where the inputs are no JSON object */
export function inputOf(kernel: Kernel, draft: KernelDraft): ExecutionInput {
  const told = new Set(draft.from === 'own' ? sizesToldByInputs(kernel) : []);
  const mayBeNothing = new Set(kernel.sizes.filter(({ minimum }) => minimum === 0).map(({ name }) => name));
  return {
    kernel: kernel.id,
    // No past is what a past left out is; the contract knows no size of nothing.
    sizes: numbers(draft.sizes, (name, value) => !told.has(name) && !(value === 0 && mayBeNothing.has(name))),
    parameters: numbers(draft.parameters),
    check_reference: draft.checkReference,
    ...(draft.from === 'seed' ? { seed: draft.seed } : { inputs: parsed(draft.inputs) }),
  };
}

/** Sizes that stand alone as an axis of an input: its shape tells them. */
export function sizesToldByInputs({ inputs, sizes }: Pick<Kernel, 'inputs' | 'sizes'>): string[] {
  return sizes.map(({ name }) => name).filter((name) => inputs.some(({ shape }) => shape.includes(name)));
}

function sizesOf(tensors: Kernel['example_input'], { inputs }: Kernel): Record<string, number> {
  const sizes: Record<string, number> = {};
  for (const { name, shape } of inputs) tensors[name]?.shape.forEach((size, axis) => (sizes[shape[axis] ?? ''] ??= size));
  return sizes;
}

function exampleText(tensors: Kernel['example_input']): string {
  return compactJson(
    Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) => [
        name,
        { ...tensor, data: Array.from(tensorData(tensor), (value) => Number(value.toPrecision(DIGITS))) },
      ]),
    ),
  );
}

function numbers(
  values: Readonly<Record<string, number | null>>,
  isKept: (name: string, value: number) => boolean = () => true,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== null && isKept(entry[0], entry[1])),
  );
}

const isRecord = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(text: string): NonNullable<ExecutionInput['inputs']> {
  const read = readJson(text);
  const fault = 'fault' in read ? read.fault : isRecord(read.value) ? null : 'must be an object of tensors by name.';
  if (fault !== null) throw invalidInput([{ path: '/inputs', message: fault }]);
  const { value } = read as { value: unknown };
  // Whether these are tensors, the service says, field by field.
  return value as NonNullable<ExecutionInput['inputs']>;
}
