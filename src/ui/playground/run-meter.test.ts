/** The figures of a stream follow the definitions of the field. */
import { expect, it } from 'vitest';
import { formatProbability, formatRate, quantile, RunMeter } from './run-meter.ts';

it('measures TTFT, TPOT, gaps and speed', () => {
  const meter = new RunMeter(1000);
  for (const at of [1100, 1110, 1120, 1150]) meter.token(at);
  const figures = meter.figures();
  expect(figures).toMatchObject({ tokens: 4, ttftMs: 100, itlP50Ms: 10 });
  expect(figures.tpotMs).toBeCloseTo(50 / 3);
  expect(figures.tokensPerSecond).toBeCloseTo(60);
  // TTFT + Σ ITL = time of the last token.
  expect(figures.ttftMs! + meter.gaps().reduce((a, b) => a + b)).toBe(150);
});

it('has no figures without tokens, and no TPOT with one', () => {
  const meter = new RunMeter(0);
  expect(meter.figures()).toEqual({ tokens: 0, ttftMs: null, tpotMs: null, tokensPerSecond: null, itlP50Ms: null, itlP95Ms: null });
  meter.token(5);
  expect(meter.figures()).toMatchObject({ tokens: 1, ttftMs: 5, tpotMs: null, tokensPerSecond: null });
});

it('takes the speed of the last tokens only', () => {
  const meter = new RunMeter(0);
  for (let index = 0; index <= 100; index++) meter.token(index < 50 ? index * 100 : 5000 + (index - 50) * 10);
  expect(meter.figures().tokensPerSecond).toBeCloseTo(100);
});

it('interpolates quantiles', () => {
  expect(quantile([], 0.5)).toBeNull();
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
});

it('writes figures for people', () => {
  expect([0.5, 0.031, 0.00004, 1e-9, 1].map((p) => formatProbability(Math.log(p)))).toEqual([
    '50 %',
    '3.1 %',
    '0.004 %',
    '< 0.001 %',
    '100 %',
  ]);
  expect(formatRate(152.4)).toBe('152');
  expect(formatRate(9.876)).toBe('9.88');
});
