/** The page as the host of candidates, from inside the engine's worker: it starts workers for them, and tells when one died. */
import type { PagePort } from './page-port.ts';
import type { CandidateDied, EndCandidate, StartCandidate } from './worker-messages.ts';

export function candidateHost(
  scope: Pick<PagePort, 'addEventListener'>,
  tell: (message: StartCandidate | EndCandidate, transfer?: Transferable[]) => void,
) {
  return {
    start: (id: number, port: MessagePort) => tell({ kind: 'start candidate', id, port }, [port]),
    end: (id: number) => tell({ kind: 'end candidate', id }),
    onDied: (listener: (id: number, reason: string) => void) =>
      scope.addEventListener('message', ({ data }: MessageEvent<CandidateDied | null>) => {
        if (data?.kind === 'candidate died') listener(data.id, data.reason);
      }),
  };
}
