/** The variable `loop` of a `for`. */
import { equals } from './compare.ts';
import { notSupported, typeError } from './errors.ts';
import type { Budget } from './limits.ts';
import { iterate, lengthOf } from './sequences.ts';
import { type Arguments, Callable, isList, PyObject, textOf, Tuple, Undefined, type Value } from './values.ts';

/** Renders the loop's body over other items, of a loop that is `recursive`. */
type Recurse = (items: Value, depth: number) => Value;

export class Loop extends Callable {
  override readonly typeName = 'LoopContext';
  #items: Iterator<Value>;
  #index = -1;
  #length: number | null = null;
  #ahead: { item: Value } | null = null;
  #before: Value | undefined;
  #current: Value | undefined;
  #changed: readonly Value[] | null = null;

  /** @param items what is gone through: the iterable itself, or what a filter leaves of it */
  constructor(
    items: Value,
    private readonly depth: number,
    recurse: Recurse | null,
    private readonly budget: Budget,
  ) {
    super('loop', (args) => {
      if (!recurse) throw typeError("The loop must have the 'recursive' marker to be called recursively.");
      const [inner] = args.positional;
      if (inner === undefined || args.positional.length > 1) throw typeError('loop() takes one argument');
      return recurse(inner, depth + 1);
    });
    this.#items = iterate(items, budget);
    const hasLength = isList(items) || textOf(items) !== null || (items instanceof PyObject && items.size !== null);
    if (hasLength) {
      budget.read(textOf(items)?.length ?? 0);
      this.#length = lengthOf(items);
    }
  }

  /** The next item; null at the end. */
  advance(): { item: Value } | null {
    const next = this.#peek();
    this.#ahead = null;
    if (!next) return null;
    this.#index++;
    this.#before = this.#current;
    this.#current = next.item;
    return next;
  }

  #peek(): { item: Value } | null {
    if (this.#ahead) return this.#ahead;
    const next = this.#items.next();
    if (next.done) return null;
    return (this.#ahead = { item: next.value });
  }

  /** Of a generator the rest is taken now. */
  #count(): number {
    if (this.#length !== null) return this.#length;
    const rest: Value[] = [];
    for (let next = this.#items.next(); !next.done; next = this.#items.next()) rest.push(next.value);
    this.budget.items(rest.length);
    this.#items = rest.values();
    return (this.#length = rest.length + this.#index + 1 + (this.#ahead ? 1 : 0));
  }

  override get size(): number {
    return this.#count();
  }

  override iterate(): Iterator<Value> {
    return {
      next() {
        throw notSupported('going through the variable loop itself');
      },
    };
  }

  override print(): string {
    return `<LoopContext ${this.#index + 1}/${this.#count()}>`;
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'index':
        return BigInt(this.#index + 1);
      case 'index0':
        return BigInt(this.#index);
      case 'revindex':
        return BigInt(this.#count() - this.#index);
      case 'revindex0':
        return BigInt(this.#count() - this.#index - 1);
      case 'first':
        return this.#index === 0;
      case 'last':
        return this.#peek() === null;
      case 'length':
        return BigInt(this.#count());
      case 'depth':
        return BigInt(this.depth + 1);
      case 'depth0':
        return BigInt(this.depth);
      case 'previtem':
        return this.#index === 0 ? new Undefined('there is no previous item') : this.#before;
      case 'nextitem':
        return this.#peek() ? this.#ahead!.item : new Undefined('there is no next item');
      case 'cycle':
        return new Callable(name, ({ positional }) => {
          if (positional.length === 0) throw typeError('no items for cycling given');
          return positional[this.#index % positional.length]!;
        });
      case 'changed':
        return new Callable(name, (args) => this.#isChanged(args));
      default:
        return undefined;
    }
  }

  #isChanged({ positional }: Arguments): boolean {
    const isSame = this.#changed !== null && equals(new Tuple(this.#changed), new Tuple(positional), this.budget);
    this.#changed = positional;
    return !isSame;
  }
}
