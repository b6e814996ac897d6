/** The engine's worker as the page keeps it: started, listened to, known to be silent or gone, started again without what silenced it. */
import { CandidateWorkers } from './candidate-workers.ts';
import type { PageClient } from './client/page-client.ts';
import { ApiError } from './contract/index.ts';
import { forgetEnds, noteEnd } from './ended-at-work.ts';
import { newId } from './environment/ids.ts';
import { whenUnlocked } from './environment/locks.ts';
import { bePresent } from './environment/presence.ts';
import type { HeldRecord } from './environment/record-store.ts';
import { noteElsewhere } from './environment/refusals.ts';
import type { StartingModel } from './starting-model.ts';
import { SuspectNote } from './suspect-note.ts';
import { suspicionOf } from './suspicion.ts';
import type { PortClient } from './transport/direct/port-client.ts';
import { Pulse } from './transport/direct/pulse.ts';
import type { RequireTokens, WorkerMessage, WorkerSettings } from './worker-messages.ts';

/** A worker left after so much silence counts as one that does not answer. */
const LEFT_SILENT_MS = 2000;
/** Whoever ends work that took so long may take it for endless. */
const ENDLESS_MS = 5000;
/** A large model may hold its thread for so long, and come to its end. */
const LONG_RUN_MS = 10_000;

interface Life {
  /** Of its start. */
  name: string;
  worker: Worker;
  pulse: Pulse;
  candidates: CandidateWorkers;
  /** Thrown outside any call, the latest. */
  error: string | null;
  reject: (error: ApiError) => void;
  /** Lets other tabs know that its start is over. */
  depart: () => void;
}

export class WorkerLife {
  #life: Life | null = null;
  readonly #note = new SuspectNote();
  /** What the browser keeps none of lasts as long as the page: it outlives the worker. */
  readonly #held = new Map<string, HeldRecord>();

  /** @param base absolute URL of the site's folder, ending in `/` */
  constructor(
    private readonly base: string,
    private readonly port: PortClient,
    private readonly client: PageClient,
    private readonly startingModel: StartingModel,
  ) {
    addEventListener('pagehide', () => this.#leave(false));
    const { access } = client;
    // Before it has its settings it does not listen, and they say it then.
    access.subscribe(() => this.#life?.worker.postMessage({ kind: 'require tokens', required: access.get() } satisfies RequireTokens));
  }

  /** @throws ApiError internal where it can't be loaded */
  start(): Promise<void> {
    const { port, client } = this;
    const before = this.#life;
    if (before) {
      this.#leave(true);
      this.#end(before, new ApiError('cancelled', 'The engine worker was restarted, and the call ended with it.'));
    }
    port.reopen();
    client.updateHealth({ worker: 'starting', failure: null, silence: null, leftOut: [] });
    client.patched.set([]);
    return new Promise((resolve, reject) => {
      const worker = this.#open(reject);
      if (!worker) return;
      const life: Life = {
        name: `glassbox-start-${newId()}`,
        worker,
        pulse: new Pulse(worker, { onSilence: (silence) => this.#heard(life, silence) }),
        candidates: new CandidateWorkers((died) => worker.postMessage(died)),
        error: null,
        reject,
        depart: () => {},
      };
      this.#life = life;
      const lock = `glassbox-${newId()}`;
      worker.addEventListener('error', ({ message }) => {
        life.error = message || null;
        // What is thrown in a timer reaches no caller, and the worker lives on.
        if (client.health.worker === 'starting')
          this.#fail(
            life,
            `The engine worker could not be started: ${message || 'its code could not be fetched. If this site was updated meanwhile, reload the page'}.`,
          );
      });
      worker.addEventListener('message', ({ data }: MessageEvent<WorkerMessage | null>) => {
        if (this.#life !== life || !data) return;
        if (data.kind === 'hello') {
          port.attach(worker);
          const { threads, streamsTransfer: streamingBody } = data;
          client.updateHealth({ worker: 'ready', starts: client.health.starts + 1, threads, streamingBody });
          resolve();
        } else if (data.kind === 'locked') this.#watchEnd(life, lock);
        else if (data.kind === 'start candidate') life.candidates.start(data);
        else if (data.kind === 'end candidate') life.candidates.end(data.id);
        else if (data.kind === 'patched') client.patched.set(data.patched);
        else if (data.kind === 'sorted') this.#note.settle();
        else if (data.kind === 'left out') client.updateHealth({ leftOut: [...client.health.leftOut, data.leftOut] });
        else if (data.kind === 'refusals') noteElsewhere(data.refusals);
        else if (data.kind === 'held') this.#hold(data.change);
        else if (data.kind === 'swapped' || data.kind === 'gives up') this.startingModel.told(data);
      });
      void this.#begin(life, lock);
    });
  }

  /** Other tabs see the start before it is noted anywhere: what is noted of one that nobody sees was cut short. */
  async #begin(life: Life, lock: string): Promise<void> {
    const { name: start, worker } = life;
    const depart = await bePresent(start);
    if (this.#life !== life) return depart();
    life.depart = depart;
    const model = await this.startingModel.begin(start, worker);
    if (this.#life !== life) return;
    worker.postMessage({
      kind: 'settings',
      base: this.base,
      lock,
      start,
      ...this.#note.take(),
      model,
      held: [...this.#held.values()],
      access: this.client.access.settings(),
    } satisfies WorkerSettings);
  }

  #hold(change: HeldRecord): void {
    const key = `${change.store} ${change.id}`;
    if (change.record === undefined) this.#held.delete(key);
    else this.#held.set(key, change);
  }

  /** How it went is in the client's health. */
  readonly restart = (): Promise<void> => this.start().catch(() => {});

  #open(reject: (error: ApiError) => void): Worker | null {
    try {
      return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'glassbox' });
    } catch (error) {
      const failure = `The engine worker could not be started: ${ApiError.from(error).message}`;
      const refusal = new ApiError('internal', failure);
      this.client.updateHealth({ worker: 'failed', failure });
      this.port.close(refusal);
      reject(refusal);
      return null;
    }
  }

  /** @param isRestart a person ends the worker, and not the page */
  #leave(isRestart: boolean): void {
    const life = this.#life;
    if (!life) return;
    if (!this.#noteIfSilent(isRestart)) this.#note.leaveWell(life.name);
    this.#noteEnd(life);
  }

  #heard(life: Life, silence: Pulse['silence'] | null): void {
    if (this.#life !== life) return;
    if (silence) this.#noteIfSilent(false);
    else {
      this.#note.withdraw();
      forgetEnds();
      this.startingModel.withdraw();
    }
    this.client.updateHealth({ silence });
  }

  /** @returns whether it was */
  #noteIfSilent(isEnded: boolean): boolean {
    const life = this.#life;
    if (!life || life.pulse.silence.ms < LEFT_SILENT_MS) return false;
    this.#suspect(life, isEnded);
    return true;
  }

  /** The work under way will not come to its end. */
  #noteEnd({ pulse }: Life): void {
    const { work, ms } = pulse.silence;
    if (work?.kind !== 'service' || ms < ENDLESS_MS) return;
    const again = noteEnd(work.what, this.client.patched.get());
    if (again.length > 0) this.#note.write(again.map((patch) => ({ ...patch, why: 'again' })));
  }

  /** @param isEnded it will not come to an end of its work any more */
  #suspect({ pulse }: Life, isEnded: boolean): void {
    const { work, ms } = pulse.silence;
    const { patches, isModel } = suspicionOf(work, this.client.patched.get());
    this.#note.write(patches);
    // No load has begun before the worker is ready.
    if (isModel && this.client.health.worker === 'ready' && (isEnded || work?.kind !== 'runtime' || ms >= LONG_RUN_MS))
      this.startingModel.suspect(ms);
  }

  /** A worker holds its lock as long as it lives; whoever waits for it learns that it does no more. */
  #watchEnd(life: Life, lock: string): void {
    whenUnlocked(lock, () => {
      if (this.#life !== life) return;
      this.#suspect(life, true);
      this.#noteEnd(life);
      const { work } = life.pulse.silence;
      const cause = life.error ? `: ${life.error}` : '.';
      this.#fail(life, `The engine worker has ended by itself${work ? `, at work on ${work.what}` : ''}${cause}`);
    });
  }

  #fail(life: Life, failure: string): void {
    const error = new ApiError('internal', `${failure}${/[.!?]$/.test(failure) ? '' : '.'} Restart it; the call can be made again then.`);
    this.#end(life, error);
    this.client.updateHealth({ worker: 'failed', failure, silence: null });
    life.reject(error);
  }

  #end(life: Life, error: ApiError): void {
    this.#life = null;
    life.pulse.stop();
    life.worker.terminate();
    life.candidates.endAll();
    life.depart();
    life.reject(error);
    this.port.close(error);
  }
}
