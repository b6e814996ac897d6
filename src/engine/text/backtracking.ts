/** Expressions that can be matched in exponentially many ways: the engines of browsers try them all and can't be stopped, so they are refused before. */
import { Automaton, isEndless } from './automaton.ts';
import { childrenOf, type Leaf, parseExpression, type Part, TooLarge } from './expression.ts';
import { LeafSets } from './leaf-sets.ts';
import { waysOfOneCharacter } from './unary-ways.ts';

/** Pairs of leaves that are looked at for one repeated group. */
const MAX_PAIRS = 1_000_000;
/** Ways in which a text of one character is tried at each place. */
const MAX_WAYS = 1000;
/** Repetitions in a row that take the same character, before something that may fail. */
const MAX_LOOPS = 2;

/** The part of an expression that makes it so; null: none was found. What can't be looked through is taken for bad. */
export function endlessWays(source: string): string | null {
  try {
    const whole = parseExpression(source);
    if (!whole) return null;
    const sets = new LeafSets(source, leavesOf(whole));
    const part =
      loops(whole).find((loop) => orTooLarge(() => isAmbiguous(loop, sets))) ??
      stretches(whole).find((stretch) => orTooLarge(() => isManifold(stretch, sets)));
    return part ? source.slice(part.start, part.end) : null;
  } catch (error) {
    if (error instanceof TooLarge) return source;
    throw error;
  }
}

function orTooLarge(isBad: () => boolean): boolean {
  try {
    return isBad();
  } catch (error) {
    if (error instanceof TooLarge) return true;
    throw error;
  }
}

function leavesOf(part: Part): Leaf[] {
  return part.kind === 'leaf' ? [part] : childrenOf(part).flatMap(leavesOf);
}

/** What is repeated without end, the innermost first. */
function loops(part: Part): (Part & { kind: 'repeat' })[] {
  const inner = childrenOf(part).flatMap(loops);
  return part.kind === 'repeat' && isEndless(part) ? [...inner, part] : inner;
}

/** What is matched by itself: the alternatives of the whole, and what is looked for. */
function stretches(part: Part): Part[] {
  const own = part.kind === 'choice' ? part.parts : [part];
  const looked = (each: Part): Part[] => (each.kind === 'assertion' && each.body ? stretches(each.body) : childrenOf(each).flatMap(looked));
  return [...own.flatMap(looked), ...own];
}

/**
 * A repeated group in which one text leads from a leaf back to itself in two ways has twice as many with each time. Two leaves walk at once, with
 * the same characters; they parted, and meet again.
 */
function isAmbiguous(loop: Part & { kind: 'repeat' }, sets: LeafSets): boolean {
  if (new Automaton(loop.body).shape.empty > 0) return true;
  const { leaves, follow } = new Automaton(loop);
  if (follow.some((next) => [...next.values()].some((ways) => ways > 1))) return true;
  const size = leaves.length;
  const taken = leaves.map((leaf) => sets.of(leaf));
  const next = follow.map((ways) => [...ways.keys()]);
  const seen = new Set<number>();
  const open: [number, number][] = leaves.map((_, position) => [position, position]);
  let looked = 0;
  for (let pair = open.pop(); pair; pair = open.pop()) {
    const [one, other] = pair;
    looked += next[one]!.length * next[other]!.length;
    if (looked > MAX_PAIRS) throw new TooLarge();
    for (const a of next[one]!) {
      for (const b of next[other]!) {
        if (a === b) {
          if (one !== other) return true;
        } else if (sets.overlap(taken[a]!, taken[b]!)) {
          const key = Math.min(a, b) * size + Math.max(a, b);
          if (seen.has(key)) continue;
          seen.add(key);
          open.push([a, b]);
        }
      }
    }
  }
  return false;
}

/** Not exponential, and too much all the same: a power of the length, or more ways than a text has places. */
function isManifold(part: Part, sets: LeafSets): boolean {
  const automaton = new Automaton(part);
  const taken = automaton.leaves.map((leaf) => sets.of(leaf));
  for (let kind = 0; kind < sets.kindCount; kind++) {
    const { ways, loops: inARow, hasTwins } = waysOfOneCharacter(automaton, taken, kind);
    if (ways > MAX_WAYS || inARow > MAX_LOOPS || hasTwins) return true;
  }
  return false;
}
