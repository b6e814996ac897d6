/** Points in time as logs and traces write them, read as `pandas.to_datetime(utc=True)` does. */

/** Whole milliseconds and the rest, which a number of milliseconds since 1970 would round. */
export interface Timestamp {
  readonly ms: number;
  /** From 0 to below 1. */
  readonly fractionMs: number;
}

const DATE = String.raw`([1-9]\d{3})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|(\d{2})(\d{2}))`;
const TIME = String.raw`(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:[.,](\d*))?)?|(\d{2})(\d{2}))?`;
const ZONE = String.raw`(Z|UTC|GMT)|([+-])(\d{2})(?::?(\d{2}))?`;
const TIMESTAMP = new RegExp(`^${DATE}(?:(?:T|\\s+)${TIME}(?:\\s*(?:${ZONE}))?)?$`, 'i');

/** What `parseTimestamp` reads, for messages. */
export const TIMESTAMP_FORM = 'a date and a time, year first, such as 2024-05-10 00:00:04.5 or 2024-05-10T00:00:04+02:00';

/** Without an offset it is UTC. Null for what is no point in time, and for what begins with a day or a month. */
export function parseTimestamp(text: string): Timestamp | null {
  const match = TIMESTAMP.exec(text.trim());
  if (!match) return null;
  const [, year, m1, d1, m2, d2, m3, d3, hour, minute1, second1, fraction, minute2, second2, , sign, zoneHours, zoneMinutes] = match;
  const number = (digits: string | undefined) => Number(digits ?? 0);
  const [month, day] = [number(m1 ?? m2 ?? m3), number(d1 ?? d2 ?? d3)];
  const [hours, minutes, seconds] = [number(hour), number(minute1 ?? minute2), number(second1 ?? second2)];
  const local = Date.UTC(number(year), month - 1, day, hours, minutes, seconds);
  const date = new Date(local);
  // Date.UTC carries the 30th of February into March.
  const inRange = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hours < 24 && minutes < 60 && seconds < 60;
  if (!inRange || number(zoneHours) >= 24 || number(zoneMinutes) >= 60) return null;
  const offset = (number(zoneHours) * 60 + number(zoneMinutes)) * 60_000 * (sign === '-' ? -1 : 1);
  const partMs = number(`0.${fraction ?? ''}0`) * 1000;
  return { ms: local - offset + Math.floor(partMs), fractionMs: partMs - Math.floor(partMs) };
}

export const msBetween = (from: Timestamp, to: Timestamp): number => to.ms - from.ms + (to.fractionMs - from.fractionMs);
