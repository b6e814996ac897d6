import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StopStrings } from './stop-strings.ts';

/** The text before the stop string that ends first. */
function naive(text: string, stops: readonly string[]): { text: string; stopped: string | null } {
  for (let end = 1; end <= text.length; end++) {
    const found = stops
      .filter((stop) => stop !== '' && text.slice(0, end).endsWith(stop))
      .sort((left, right) => right.length - left.length)[0];
    if (found !== undefined) return { text: text.slice(0, end - found.length), stopped: found };
  }
  return { text, stopped: null };
}

const letters = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '😀'), maxLength: 4 });

describe('StopStrings', () => {
  it('holds back what may begin a stop string, and lets it out when it does not', () => {
    const stops = new StopStrings(['\n\nUser:']);
    expect(stops.push('Hi\n')).toEqual({ text: 'Hi', stopped: null });
    expect(stops.push('\nUs')).toEqual({ text: '', stopped: null });
    expect(stops.push('ual')).toEqual({ text: '\n\nUsual', stopped: null });
    expect(stops.push('\n\nUser: no')).toEqual({ text: '', stopped: '\n\nUser:' });
    expect(stops.push('more')).toEqual({ text: '', stopped: '\n\nUser:' });
    expect(stops.flush()).toBe('');
  });

  it('finds a match that begins within a failed one', () => {
    const stops = new StopStrings(['aab']);
    expect(stops.push('aaab')).toEqual({ text: 'a', stopped: 'aab' });
  });

  it('of strings complete at one place takes the longest', () => {
    expect(new StopStrings(['b', 'ab', 'xab']).push('xxab')).toEqual({ text: 'x', stopped: 'xab' });
  });

  it('gives what is held back when the text ends', () => {
    const stops = new StopStrings(['end']);
    expect(stops.push('the e')).toEqual({ text: 'the ', stopped: null });
    expect(stops.flush()).toBe('e');
    expect(stops.flush()).toBe('');
  });

  it('equals the naive search, however the text is cut, and never gives out part of the stop string', () => {
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 12 }), fc.array(letters, { maxLength: 4 }), (pieces, stops) => {
        const watcher = new StopStrings(stops);
        const expected = naive(pieces.join(''), stops);
        let text = '';
        for (const piece of pieces) {
          text += watcher.push(piece).text;
          expect(expected.text.startsWith(text)).toBe(true);
        }
        text += watcher.flush();
        expect({ text, stopped: watcher.stopped }).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('holds back no more than the beginning of a stop string', () => {
    fc.assert(
      fc.property(
        fc.array(letters),
        fc.array(
          letters.filter((stop) => stop !== ''),
          { minLength: 1, maxLength: 3 },
        ),
        (pieces, stops) => {
          const watcher = new StopStrings(stops);
          let given = '';
          let all = '';
          for (const piece of pieces) {
            const { text, stopped } = watcher.push(piece);
            given += text;
            all += piece;
            const held = all.slice(given.length);
            expect(stopped !== null || held === '' || stops.some((stop) => stop.startsWith(held))).toBe(true);
            if (stopped !== null) break;
          }
        },
      ),
    );
  });
});
