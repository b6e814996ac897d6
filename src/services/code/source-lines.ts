/** Finds lines of a user's source in stack traces: code made with a function constructor stands some lines further down than the user wrote it. */
import type { Position } from './syntax.ts';

/** Says where in the source an error was thrown; null when its stack does not lead there. */
export type PositionIn = (stack: string | undefined) => Position | null;

/**
 * @param url what `sourceURL` names the code; a head of one line stands before it
 * @param lines how many lines the source has
 */
export function positionsOf(url: string, lines: number): PositionIn {
  const frame = new RegExp(`${url.replaceAll('.', '\\.')}:(\\d+):(\\d+)`);
  return (stack) => {
    const match = frame.exec(stack ?? '');
    const line = Number(match?.[1]) - linesBefore();
    return match && line >= 1 && line <= lines ? { line, column: Number(match[2]) } : null;
  };
}

let headLines: number | undefined;

/** Lines that the engine counts before the first: measured once, because engines differ. */
function linesBefore(): number {
  if (headLines === undefined) {
    const url = 'glassbox-script-probe.js';
    const Sync = Object.getPrototypeOf(() => {}).constructor as new (...source: string[]) => (a: unknown) => string;
    const stack = new Sync('a', `"use strict"; {\nreturn new Error().stack\n}\n//# sourceURL=${url}`)(0);
    const match = new RegExp(`${url}:(\\d+):`).exec(stack);
    headLines = match ? Number(match[1]) - 1 : 3;
  }
  return headLines;
}
