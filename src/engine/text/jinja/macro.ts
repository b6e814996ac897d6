/** A macro, or the block of a `call`: what it takes, and how a call fills it in. */
import { undeclared } from './check.ts';
import { typeError } from './errors.ts';
import type { Budget } from './limits.ts';
import type { CallBlockNode, MacroNode } from './nodes.ts';
import { type Arguments, Callable, Dict, Tuple, Undefined, type Value } from './values.ts';

/** Values by parameter; undefined where the default is to be taken. */
export type Filled = readonly (readonly [name: string, value: Value | undefined])[];

/** What a body asks for beyond its parameters; found once for each macro of a template. */
const specials = new WeakMap<object, ReadonlySet<string>>();

function specialsOf(node: MacroNode | CallBlockNode): ReadonlySet<string> {
  let found = specials.get(node);
  if (!found) specials.set(node, (found = undeclared(node.body, ['caller', 'kwargs', 'varargs'])));
  return found;
}

export class Macro extends Callable {
  override readonly typeName = 'Macro';
  readonly #names: readonly string[];
  readonly #takes: { readonly caller: boolean; readonly kwargs: boolean; readonly varargs: boolean };

  constructor(
    private readonly macroName: string | null,
    node: MacroNode | CallBlockNode,
    invoke: (filled: Filled) => Value,
    private readonly budget: Budget,
  ) {
    super(macroName ?? 'caller', (args) => invoke(this.#fill(args)));
    this.#names = node.parameters.map(({ name }) => name);
    const asked = specialsOf(node);
    this.#takes = {
      caller: asked.has('caller'),
      kwargs: asked.has('kwargs') && !this.#names.includes('kwargs'),
      varargs: asked.has('varargs') && !this.#names.includes('varargs'),
    };
  }

  #fill({ positional, named }: Arguments): Filled {
    const names = this.#names;
    const rest = new Map(named);
    const filled: [string, Value | undefined][] = names.map((name, index) => {
      if (index < positional.length) return [name, positional[index]];
      const value = rest.get(name);
      rest.delete(name);
      return [name, value];
    });
    if (this.#takes.caller && !names.includes('caller')) {
      // None is as if there were none.
      filled.push(['caller', rest.get('caller') ?? new Undefined('No caller defined')]);
      rest.delete('caller');
    }
    const label = this.macroName === null ? 'None' : `'${this.macroName}'`;
    this.budget.step(positional.length);
    this.budget.entries(rest.size);
    if (this.#takes.kwargs) filled.push(['kwargs', new Dict(rest, this.budget)]);
    else if (rest.has('caller')) {
      throw typeError(`macro ${label} was invoked with two values for the special caller argument. This is most likely a bug.`);
    } else if (rest.size > 0) throw typeError(`macro ${label} takes no keyword argument '${[...rest.keys()][0]}'`);
    if (this.#takes.varargs) filled.push(['varargs', new Tuple(positional.slice(names.length))]);
    else if (positional.length > names.length) throw typeError(`macro ${label} takes not more than ${names.length} argument(s)`);
    return filled;
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case 'name':
        return this.macroName;
      case 'arguments':
        return new Tuple(this.#names);
      case 'catch_kwargs':
        return this.#takes.kwargs;
      case 'catch_varargs':
        return this.#takes.varargs;
      case 'caller':
        return this.#takes.caller;
      case 'explicit_caller':
        return this.#names.includes('caller');
      default:
        return undefined;
    }
  }

  override print(): string {
    return `<Macro ${this.macroName === null ? 'anonymous' : `'${this.macroName}'`}>`;
  }
}
