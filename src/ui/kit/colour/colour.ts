/** Perceptually even colour scales, made in OKLab so that equal steps of a value look equal in both schemes and text stays readable. */

export type Scheme = 'light' | 'dark';
export type Rgb = readonly [number, number, number];

interface Oklch {
  l: number;
  c: number;
  h: number;
}

type Oklab = readonly [number, number, number];

const toOklab = ({ l, c, h }: Oklch): Oklab => [l, c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)];

/** Linear sRGB of an OKLab colour; components outside 0…1 are out of gamut. (Björn Ottosson, 2020.) */
function linearRgb([l, a, b]: Oklab): Rgb {
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
}

const gamma = (value: number): number => (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055);
const inverseGamma = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

/** sRGB of 0 … 255, not yet rounded; chroma is lowered until the colour can be shown. */
function oklchToRgb(colour: Oklch): Rgb {
  let { c } = colour;
  let linear = linearRgb(toOklab(colour));
  while (c > 0 && linear.some((value) => value < -1e-4 || value > 1.0001)) {
    c -= 0.002;
    linear = linearRgb(toOklab({ ...colour, c: Math.max(0, c) }));
  }
  const byte = (value: number): number => 255 * gamma(Math.min(1, Math.max(0, value)));
  return [byte(linear[0]), byte(linear[1]), byte(linear[2])];
}

export function rgbToOklab(rgb: Rgb): Oklab {
  const [r, g, b] = rgb.map((value) => inverseGamma(value / 255)) as [number, number, number];
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const medium = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
  ];
}

/** WCAG 2 contrast ratio. */
export function contrast(a: Rgb, b: Rgb): number {
  const luminance = (rgb: Rgb): number => {
    const [r, g, blue] = rgb.map((value) => inverseGamma(value / 255)) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

export const css = ([r, g, b]: Rgb): string => `rgb(${r} ${g} ${b})`;

export const distance = (a: Oklab, b: Oklab): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

const rounded = ([r, g, b]: Rgb): Rgb => [Math.round(r), Math.round(g), Math.round(b)];

const mix = (a: number, b: number, t: number): number => a + (b - a) * t;

/** `size` colours along straight lines between stops in OKLCh, spaced by equal OKLab distance. */
function evenScale(stops: readonly Oklch[], size: number): Rgb[] {
  const fine = 2048;
  const at = (t: number): Rgb => {
    const place = t * (stops.length - 1);
    const index = Math.min(stops.length - 2, Math.floor(place));
    const [from, to] = [stops[index]!, stops[index + 1]!];
    const part = place - index;
    return oklchToRgb({ l: mix(from.l, to.l, part), c: mix(from.c, to.c, part), h: mix(from.h, to.h, part) });
  };
  const colours = Array.from({ length: fine + 1 }, (_, index) => at(index / fine));
  const lengths = [0];
  for (let index = 1; index <= fine; index++) {
    lengths.push(lengths[index - 1]! + distance(rgbToOklab(colours[index - 1]!), rgbToOklab(colours[index]!)));
  }
  const total = lengths[fine]!;
  let cursor = 0;
  return Array.from({ length: size }, (_, step) => {
    const wanted = (total * step) / (size - 1);
    while (cursor < fine && lengths[cursor]! < wanted) cursor++;
    return rounded(colours[cursor]!);
  });
}

/** From the page's own background to its opposite, so that zero disappears in either scheme. */
const HEAT: Record<Scheme, readonly Oklch[]> = {
  light: [
    { l: 0.985, c: 0.005, h: 250 },
    { l: 0.8, c: 0.1, h: 225 },
    { l: 0.56, c: 0.16, h: 262 },
    { l: 0.28, c: 0.13, h: 290 },
  ],
  dark: [
    { l: 0.205, c: 0.012, h: 200 },
    { l: 0.3, c: 0.09, h: 285 },
    { l: 0.42, c: 0.15, h: 285 },
    { l: 0.64, c: 0.17, h: 330 },
    { l: 0.82, c: 0.14, h: 420 },
    { l: 0.97, c: 0.06, h: 460 },
  ],
};

const HEAT_STEPS = 256;
const heatCache = new Map<Scheme, Rgb[]>();

/** 256 colours from 0 to 1 for heat maps. */
export function heatScale(scheme: Scheme): readonly Rgb[] {
  let scale = heatCache.get(scheme);
  if (!scale) heatCache.set(scheme, (scale = evenScale(HEAT[scheme], HEAT_STEPS)));
  return scale;
}

/** Levels of the tint behind text: 0 is none. */
export const TINT_LEVELS = 12;

export type TintKind = 'surprise' | 'attention';

/** Text on a tint, in either scheme: 4.5:1 or better on every level. */
export const TINT_TEXT: Record<Scheme, Rgb> = { light: [19, 32, 30], dark: [226, 233, 231] };

const TINTS: Record<TintKind, Record<Scheme, readonly [Oklch, Oklch]>> = {
  surprise: {
    light: [
      { l: 0.99, c: 0.01, h: 90 },
      { l: 0.76, c: 0.16, h: 48 },
    ],
    dark: [
      { l: 0.25, c: 0.01, h: 60 },
      { l: 0.5, c: 0.13, h: 45 },
    ],
  },
  attention: {
    light: [
      { l: 0.99, c: 0.01, h: 240 },
      { l: 0.72, c: 0.13, h: 250 },
    ],
    dark: [
      { l: 0.25, c: 0.01, h: 260 },
      { l: 0.5, c: 0.17, h: 268 },
    ],
  },
};

/** Backgrounds for levels 1 … TINT_LEVELS. */
export function tintScale(kind: TintKind, scheme: Scheme): readonly Rgb[] {
  return evenScale(TINTS[kind][scheme], TINT_LEVELS + 1).slice(1);
}

/** How many bits of surprise give the strongest tint: a token of 1 in 256. */
const MOST_BITS = 8;

/** Level of a token by its log-probability: even in bits, so that 1 → 0.5 looks as far as 0.5 → 0.25. */
export function surpriseLevel(logprob: number | null): number {
  if (logprob === null || Number.isNaN(logprob)) return 0;
  const bits = -logprob / Math.LN2;
  return Math.round(Math.min(1, Math.max(0, bits / MOST_BITS)) * TINT_LEVELS);
}

/** Level of an attention weight relative to the greatest one shown. */
export function attentionLevel(weight: number, greatest: number): number {
  if (greatest <= 0 || weight <= 0) return 0;
  return Math.round(Math.min(1, weight / greatest) * TINT_LEVELS);
}
