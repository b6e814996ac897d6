/** An expression as its leaves and which may come after which, in how many ways: Glushkov's automaton with multiplicities. */
import { type Leaf, type Part, type Repeat, TooLarge } from './expression.ts';

/** Copies that are made of a repeated leaf, and of a repeated group; beyond, it counts as repeated without end. */
const FEW_LEAVES = 16;
const FEW_GROUPS = 3;
const MAX_EDGES = 200_000;
const MAX_LEAVES = 3000;

/** In how many ways; two are as many as more. */
type Ways = Map<number, number>;

interface Shape {
  /** In how many ways it takes nothing. */
  readonly empty: number;
  /** It can be passed without anything that may fail. */
  readonly passes: boolean;
  readonly first: Ways;
  readonly last: Ways;
  /** Leaves after which it is done, whatever comes. */
  readonly ends: ReadonlySet<number>;
}

export const isEndless = ({ body, max }: Repeat): boolean => max > (body.kind === 'leaf' ? FEW_LEAVES : FEW_GROUPS);

export class Automaton {
  readonly leaves: Leaf[] = [];
  readonly follow: Ways[] = [];
  readonly shape: Shape;
  #edges = 0;

  /** @throws TooLarge */
  constructor(part: Part) {
    this.shape = this.#build(part);
  }

  #build(part: Part): Shape {
    switch (part.kind) {
      case 'leaf': {
        const position = this.leaves.push(part) - 1;
        if (position >= MAX_LEAVES) throw new TooLarge();
        this.follow.push(new Map());
        const ways: Ways = new Map([[position, 1]]);
        return { empty: 0, passes: false, first: ways, last: ways, ends: new Set([position]) };
      }
      case 'assertion':
        return { ...NOTHING, passes: false };
      case 'choice':
        return part.parts.map((each) => this.#build(each)).reduce(either);
      case 'sequence':
        return part.parts.reduce((before, each) => this.#chain(before, this.#build(each)), NOTHING);
      case 'repeat':
        return this.#repeat(part);
    }
  }

  #repeat(part: Repeat): Shape {
    const { body, min, max } = part;
    if (isEndless(part)) {
      const once = this.#build(body);
      this.#connect(once.last, once.first);
      return min === 0 ? either(once, NOTHING) : once;
    }
    // `(x(x(x)?)?)?` and not `x?x?x?`, which has more ways.
    let shape = NOTHING;
    for (let copy = max; copy > 0; copy--) {
      shape = this.#chain(this.#build(body), shape);
      if (copy > min) shape = either(shape, NOTHING);
    }
    return shape;
  }

  #chain(one: Shape, next: Shape): Shape {
    this.#connect(one.last, next.first);
    return {
      empty: one.empty * next.empty,
      passes: one.passes && next.passes,
      first: sum(one.first, next.first, one.empty),
      last: sum(next.last, one.last, next.empty),
      ends: next.passes ? new Set([...next.ends, ...one.ends]) : next.ends,
    };
  }

  #connect(last: Ways, first: Ways): void {
    this.#edges += last.size * first.size;
    if (this.#edges > MAX_EDGES) throw new TooLarge();
    for (const [from, ways] of last) {
      const follow = this.follow[from]!;
      for (const [to, more] of first) follow.set(to, Math.min((follow.get(to) ?? 0) + ways * more, 2));
    }
  }
}

const NOTHING: Shape = { empty: 1, passes: true, first: new Map(), last: new Map(), ends: new Set() };

function either(one: Shape, other: Shape): Shape {
  return {
    empty: Math.min(one.empty + other.empty, 2),
    passes: one.passes || other.passes,
    first: sum(one.first, other.first, 1),
    last: sum(one.last, other.last, 1),
    ends: new Set([...one.ends, ...other.ends]),
  };
}

function sum(one: Ways, other: Ways, times: number): Ways {
  if (times === 0 || other.size === 0) return one;
  const both = new Map(one);
  for (const [position, ways] of other) both.set(position, Math.min((both.get(position) ?? 0) + ways * times, 2));
  return both;
}
