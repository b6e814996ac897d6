/** Seats: how many sequences run at once. */
import type { Sequence } from './sequence.ts';

/** One that will fork counts for all its samples; none for more than there are. */
export const seatsOf = (sequence: Sequence, maxNumSeqs: number): number => Math.min(sequence.seats, maxNumSeqs);

export function seatsTaken(running: readonly Sequence[], maxNumSeqs: number): number {
  let seats = 0;
  for (const sequence of running) seats += seatsOf(sequence, maxNumSeqs);
  return seats;
}
