/** The figures of a stream follow the definitions of the field. */
import { expect, it } from 'vitest';
import { quantile, RunMeter } from './run-meter.ts';

it('measures TTFT, TPOT, gaps and speed', () => {
  const meter = new RunMeter();
  for (const at of [100, 110, 120, 150]) meter.token(at);
  const figures = meter.figures();
  expect(figures).toMatchObject({ tokens: 4, ttftMs: 100, itlP50Ms: 10 });
  expect(figures.tpotMs).toBeCloseTo(50 / 3);
  expect(figures.tokensPerSecond).toBeCloseTo(60);
  // TTFT + Σ ITL = time of the last token, and TPOT is their mean.
  const sum = meter.gaps().reduce((a, b) => a + b);
  expect(figures.ttftMs! + sum).toBe(150);
  expect(sum / meter.gaps().length).toBeCloseTo(figures.tpotMs!);
});

it('has no figures without tokens, and no TPOT with one', () => {
  const meter = new RunMeter();
  expect(meter.figures()).toEqual({
    tokens: 0,
    ttftMs: null,
    tpotMs: null,
    tokensPerSecond: null,
    currentTokensPerSecond: null,
    itlP50Ms: null,
    itlP95Ms: null,
  });
  meter.token(5);
  expect(meter.figures()).toMatchObject({ tokens: 1, ttftMs: 5, tpotMs: null, tokensPerSecond: null });
});

it('takes the speed of the last tokens only', () => {
  const meter = new RunMeter();
  for (let index = 0; index <= 100; index++) meter.token(index < 50 ? index * 100 : 5000 + (index - 50) * 10);
  expect(meter.figures().currentTokensPerSecond).toBeCloseTo(100);
});

it('interpolates quantiles', () => {
  expect(quantile([], 0.5)).toBeNull();
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
});
