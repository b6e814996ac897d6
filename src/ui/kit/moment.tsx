/** A moment as the page writes it everywhere: today by the clock, before that with the date; in words under the pointer. */
type When = Date | string | number;

const LOCALE = 'en-GB';
const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;

/** "20:55:14", "3 Nov, 20:55", "3 Nov 2025, 20:55". */
export function momentText(at: When, now = new Date()): string {
  const date = new Date(at);
  if (date.toDateString() === now.toDateString()) return date.toLocaleTimeString(LOCALE, CLOCK);
  const isThisYear = date.getFullYear() === now.getFullYear();
  const day = date.toLocaleDateString(LOCALE, { day: 'numeric', month: 'short', ...(!isThisYear && { year: 'numeric' }) });
  return `${day}, ${date.toLocaleTimeString(LOCALE, { ...CLOCK, second: undefined })}`;
}

export function Moment({ at }: { at: When }) {
  const date = new Date(at);
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString(LOCALE, { dateStyle: 'long', timeStyle: 'medium' })}>
      {momentText(date)}
    </time>
  );
}
