/** What a fragment in Python sees of the graph builder: the same objects, with snake_case beside camelCase, and lists and dicts as arguments. */
import type { PyodideAPI } from 'pyodide';

type Call = (...args: unknown[]) => unknown;

/** Whose methods failed last: Python's own error keeps the text of it only. */
export interface LastFailure {
  error: unknown;
}

/** Values of the graph are passed as they are: what Python does with them is hand them on and read their shapes. */
const isValue = (value: object): boolean => 'name' in value && 'dtype' in value && 'shape' in value;

export class Reach {
  readonly #wrapped = new WeakMap<object, object>();
  readonly last: LastFailure = { error: null };

  constructor(private readonly python: PyodideAPI) {}

  /** For Python. */
  wrap(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || isValue(value)) return value;
    let wrapped = this.#wrapped.get(value);
    if (!wrapped) {
      wrapped = new Proxy(value, {
        get: (target, property) => this.#member(target, property),
        has: (target, property) => nameIn(target, property) in target,
      });
      this.#wrapped.set(value, wrapped);
    }
    return wrapped;
  }

  /** From Python: lists become arrays, dicts objects, functions functions. */
  unwrap(value: unknown): unknown {
    if (!(value instanceof this.python.ffi.PyProxy)) return value;
    if (value instanceof this.python.ffi.PyCallable)
      return (...args: unknown[]) => this.unwrap((value as unknown as Call)(...args.map((each) => this.wrap(each))));
    return (value as { toJs(options: object): unknown }).toJs({ dict_converter: Object.fromEntries, create_pyproxies: false });
  }

  #member(target: object, property: string | symbol): unknown {
    const value = Reflect.get(target, nameIn(target, property), target) as unknown;
    if (typeof value !== 'function') return this.wrap(value);
    return (...args: unknown[]) => {
      try {
        return this.wrap(
          Reflect.apply(
            value as Call,
            target,
            args.map((each) => this.unwrap(each)),
          ),
        );
      } catch (error) {
        this.last.error = error;
        throw error;
      }
    };
  }
}

/** `group_query_attention` is `groupQueryAttention`. */
function nameIn(target: object, property: string | symbol): string | symbol {
  if (typeof property !== 'string' || property in target) return property;
  return property.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
