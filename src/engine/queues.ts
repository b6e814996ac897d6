/** Where each unfinished sequence stands: in exactly one queue, the one that its state names. */
import type { Sequence, SequenceState } from './sequence.ts';

export class Queues {
  readonly waiting: Sequence[] = [];
  readonly running: Sequence[] = [];
  readonly swapped: Sequence[] = [];

  get unfinished(): Sequence[] {
    return [...this.running, ...this.swapped, ...this.waiting];
  }

  add(sequence: Sequence): void {
    this.waiting.push(sequence);
  }

  move(sequence: Sequence, state: SequenceState): void {
    const from = sequence.state === 'finished' ? [] : this[sequence.state];
    const place = from.indexOf(sequence);
    if (place < 0) throw new Error(`Sequence ${sequence.id} is ${sequence.state} and in no queue.`);
    sequence.moveTo(state);
    from.splice(place, 1);
    if (state !== 'finished') this[state].push(sequence);
  }
}
