/** Colours of plots: series that are told apart in both schemes and with any colour vision, and one scale for heat. */

/** Okabe and Ito's, darkened or lightened for contrast with the ground. */
const SERIES = {
  light: ['#0b6660', '#b8500a', '#5546bd', '#a2246b', '#4d6b00', '#0a62a3', '#7a5b00', '#42514e'],
  dark: ['#62cabf', '#f0a35e', '#a99ffb', '#f08cc0', '#b3d35a', '#7cc4ec', '#e4c55a', '#b4c0bd'],
} as const;

export type Scheme = keyof typeof SERIES;

export const seriesColour = (scheme: Scheme, index: number): string => SERIES[scheme][index % SERIES[scheme].length]!;

/** From the ground to the accent, in even steps of lightness. */
const HEAT = {
  light: [
    [248, 250, 249],
    [166, 216, 210],
    [47, 163, 152],
    [11, 102, 96],
    [4, 46, 43],
  ],
  dark: [
    [18, 24, 23],
    [8, 68, 64],
    [23, 130, 121],
    [98, 202, 191],
    [234, 246, 244],
  ],
} as const;

/** @param level from 0 to 1 */
export function heat(scheme: Scheme, level: number): readonly [number, number, number] {
  const stops = HEAT[scheme];
  const at = Math.min(1, Math.max(0, level)) * (stops.length - 1);
  const [a, b] = [stops[Math.floor(at)]!, stops[Math.ceil(at)]!];
  const mix = (i: 0 | 1 | 2) => Math.round(a[i] + (b[i] - a[i]) * (at - Math.floor(at)));
  return [mix(0), mix(1), mix(2)];
}
