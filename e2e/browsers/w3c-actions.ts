/** Pointer and keys as action sequences, which WebDriver and WebDriver BiDi share to the letter (https://w3c.github.io/webdriver/#actions). */
import type { Key, Point } from './driver.ts';

const CODES: Record<string, string> = {
  Control: '\uE009',
  Shift: '\uE008',
  Enter: '\uE007',
  Escape: '\uE00C',
  Tab: '\uE004',
  Delete: '\uE017',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
};

const keys = (actions: object[]) => [{ type: 'key', id: 'keyboard', actions }];
const down = (key: Key) => ({ type: 'keyDown', value: CODES[key] ?? key });
const up = (key: Key) => ({ type: 'keyUp', value: CODES[key] ?? key });

export const clickActions = ({ x, y }: Point) => [
  {
    type: 'pointer',
    id: 'mouse',
    parameters: { pointerType: 'mouse' },
    actions: [
      { type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0 },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ],
  },
];

export const pressActions = (held: readonly Key[]) => keys([...held.map(down), ...held.toReversed().map(up)]);

export const typeActions = (text: string) => keys(Array.from(text).flatMap((character) => [down(character), up(character)]));
