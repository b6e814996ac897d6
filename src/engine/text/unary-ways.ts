/** In how many ways an expression goes through a text of one character again and again, before it fails behind it. */
import type { Automaton } from './automaton.ts';

interface Component {
  /** Of going on from here, none repeated. */
  readonly ways: number;
  /** Repetitions in a row on the way with the most, where something that may fail follows. */
  readonly loops: number;
  readonly isLoop: boolean;
  readonly canFail: boolean;
}

interface UnaryWays {
  readonly ways: number;
  readonly loops: number;
  /** A repetition right after one of the same characters. */
  readonly hasTwins: boolean;
}

/** @param taken of each leaf, which kinds of characters it takes */
export function waysOfOneCharacter({ follow, shape }: Automaton, taken: readonly Uint8Array[], kind: number): UnaryWays {
  const order = new Map<number, number>();
  const lowest = new Map<number, number>();
  const components = new Map<number, Component>();
  const stack: number[] = [];
  let hasTwins = false;
  const takes = (position: number) => taken[position]![kind] === 1;
  const isSame = (a: Uint8Array, b: Uint8Array) => a === b || a.every((value, index) => value === b[index]);

  const settle = (members: readonly number[]): void => {
    const isIn = new Set(members);
    const isLoop = members.length > 1 || follow[members[0]!]!.has(members[0]!);
    const canFail = !members.some((member) => shape.ends.has(member));
    let ways = 1;
    let loops = 0;
    for (const member of members) {
      for (const [to, count] of follow[member]!) {
        const next = isIn.has(to) ? undefined : components.get(to);
        if (!next) continue;
        ways += count * next.ways;
        loops = Math.max(loops, next.loops);
        if (isLoop && next.isLoop && next.canFail && isSame(taken[member]!, taken[to]!)) hasTwins = true;
      }
    }
    const component = { ways, loops: loops + (isLoop && canFail ? 1 : 0), isLoop, canFail };
    for (const member of members) components.set(member, component);
  };

  /** Tarjan's strongly connected components: what is settled, is behind. */
  const visit = (position: number): void => {
    order.set(position, order.size);
    lowest.set(position, order.get(position)!);
    stack.push(position);
    for (const to of follow[position]!.keys()) {
      if (!takes(to)) continue;
      if (!order.has(to)) {
        visit(to);
        lowest.set(position, Math.min(lowest.get(position)!, lowest.get(to)!));
      } else if (!components.has(to)) lowest.set(position, Math.min(lowest.get(position)!, order.get(to)!));
    }
    if (lowest.get(position) === order.get(position)) settle(stack.splice(stack.indexOf(position)));
  };

  let ways = 0;
  let loops = 0;
  for (const [position, count] of shape.first) {
    if (!takes(position)) continue;
    if (!order.has(position)) visit(position);
    const component = components.get(position)!;
    ways += count * component.ways;
    loops = Math.max(loops, component.loops);
  }
  return { ways, loops, hasTwins };
}
