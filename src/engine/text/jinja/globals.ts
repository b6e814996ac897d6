/** The functions of every template: those of Jinja's sandbox, and those that `transformers` adds. */
import { Signature, toText } from './arguments.ts';
import { JinjaError, notSupported, typeError, valueError } from './errors.ts';
import { limitExceeded, MAX_RANGE } from './limits.ts';
import type { Budget } from './limits.ts';
import { copyOf, fromKeys } from './members.ts';
import { print } from './repr.ts';
import type { Runtime } from './runtime.ts';
import { iteratorOf, toList } from './sequences.ts';
import { strftime } from './strftime.ts';
import { quote } from './text.ts';
import { type Arguments, Callable, Dict, isInt, PyObject, Range, textOf, Tuple, typeName, type Value } from './values.ts';

/** Its attributes can be set with `{% set ns.name = … %}`. */
export class Namespace extends PyObject {
  readonly typeName = 'Namespace';

  constructor(
    private readonly attributes: Dict,
    private readonly budget: Budget,
  ) {
    super();
    for (const [name] of attributes.entries()) checkName(name);
  }

  override attribute(name: string): Value | undefined {
    return this.attributes.get(name, this.budget);
  }

  set(name: string, value: Value): void {
    checkName(name);
    this.attributes.set(name, value, this.budget);
  }

  override print(repr: (value: Value) => string): string {
    return `<Namespace ${repr(this.attributes)}>`;
  }
}

function checkName(name: Value): void {
  const text = textOf(name);
  if (text?.startsWith('_')) {
    throw new JinjaError(
      'SecurityError',
      `Chat templates cannot store underscore-prefixed attributes on a namespace, but got ${quote(text)}. Please rename the attribute.`,
    );
  }
}

/** `cycler('odd', 'even')` */
class Cycler extends PyObject {
  readonly typeName = 'Cycler';
  #at = 0;

  constructor(
    private readonly items: readonly Value[],
    private readonly budget: Budget,
  ) {
    super();
    if (items.length === 0) throw new JinjaError('TemplateRuntimeError', 'at least one item has to be provided');
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'current':
        return this.items[this.#at];
      case 'items':
        return new Tuple(toList(this.items, this.budget));
      case 'pos':
        return BigInt(this.#at);
      case 'reset':
        return new Callable(name, () => {
          this.#at = 0;
          return null;
        });
      case 'next':
        return new Callable(name, () => {
          const item = this.items[this.#at]!;
          this.#at = (this.#at + 1) % this.items.length;
          return item;
        });
      default:
        return undefined;
    }
  }
}

/** `joiner(', ')`: nothing at the first call, the separator at each one after. */
class Joiner extends Callable {
  override readonly typeName = 'Joiner';
  #isUsed = false;

  constructor(private readonly separator: Value) {
    super('joiner', () => {
      if (this.#isUsed) return separator;
      this.#isUsed = true;
      return '';
    });
  }

  override attribute(name: string): Value | undefined {
    return name === 'sep' ? this.separator : name === 'used' ? this.#isUsed : super.attribute(name);
  }
}

const MAX_DATE_FORMAT = 1000;
const RANGE = new Signature('range', 'start stop= step= /');
const JOINER = new Signature('joiner', 'sep=');
const STRFTIME = new Signature('strftime_now', 'format');
const RAISE = new Signature('raise_exception', 'message');

function range(args: Arguments): Range {
  const [first, second, third] = RANGE.bind(args).map((value) => {
    if (value === undefined) return undefined;
    if (!isInt(value)) throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
    return BigInt(value);
  });
  if (third === 0n) throw valueError('range() arg 3 must not be zero');
  const result = second === undefined ? new Range(0n, first!, 1n) : new Range(first!, second, third ?? 1n);
  if (result.size > MAX_RANGE) throw limitExceeded(`range() of ${result.size} numbers; at most ${MAX_RANGE} are made.`);
  return result;
}

/** `dict(mapping or pairs, name=value, …)` */
function dict({ positional, named }: Arguments, { budget }: Runtime): Dict {
  if (positional.length > 1) throw typeError(`dict expected at most 1 argument, got ${positional.length}`);
  const [source] = positional;
  budget.entries(named.size);
  const result = source instanceof Dict ? copyOf(source, budget) : new Dict([], budget);
  if (source !== undefined && !(source instanceof Dict)) {
    for (const [index, item] of toList(source, budget).entries()) {
      if (!iteratorOf(item)) throw typeError(`cannot convert dictionary update sequence element #${index} to a sequence`);
      const pair = toList(item, budget);
      if (pair.length !== 2) {
        throw valueError(`dictionary update sequence element #${index} has length ${pair.length}; 2 is required`);
      }
      budget.entries(1);
      result.set(pair[0]!, pair[1]!, budget);
    }
  }
  for (const [name, value] of named) result.set(name, value, budget);
  return result;
}

/** A function that stands for a type, with `fromkeys`. */
class DictType extends Callable {
  override readonly typeName = 'TemplateDict';

  constructor(private readonly runtime: Runtime) {
    super('dict', (args) => dict(args, runtime));
  }

  override attribute(name: string): Value | undefined {
    if (name !== 'fromkeys') return undefined;
    const signature = new Signature(name, 'iterable value= /');
    return new Callable(name, (args) => {
      const [keys, value] = signature.bind(args);
      return fromKeys(keys!, value ?? null, this.runtime.budget);
    });
  }
}

export function globalsOf(runtime: Runtime): ReadonlyMap<string, Value> {
  const functions: Record<string, (args: Arguments) => Value> = {
    range,
    namespace: (args) => new Namespace(dict(args, runtime), runtime.budget),
    cycler: ({ positional, named }) => {
      if (named.size > 0) throw typeError('cycler() takes no keyword arguments');
      return new Cycler(positional, runtime.budget);
    },
    joiner: (args) => {
      const [separator = ', '] = JOINER.bind(args);
      return new Joiner(separator);
    },
    lipsum: () => {
      throw notSupported('lipsum(), which gives random text');
    },
    raise_exception: (args) => {
      throw new JinjaError('TemplateError', print(RAISE.bind(args)[0]!, runtime.budget));
    },
    strftime_now: (args) => {
      const format = toText(STRFTIME.bind(args)[0]!, 'strftime() argument 1');
      if (format.length > MAX_DATE_FORMAT)
        throw limitExceeded(`a date format of ${format.length} characters; at most ${MAX_DATE_FORMAT} are read.`);
      runtime.budget.step(format.length * 30);
      return strftime(runtime.now(), format);
    },
  };
  return new Map<string, Value>([
    ...Object.entries(functions).map(([name, work]) => [name, new Callable(name, work)] as const),
    ['dict', new DictType(runtime)],
  ]);
}
