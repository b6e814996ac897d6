/** What a call needs, or a token has: one word, with what it opens under the pointer. */
import { type Scope, SCOPES } from '../../contract/index.ts';
import { Badge, type Tone } from './layout/badge.tsx';

const TONES: Record<Scope, Tone> = { read: 'quiet', run: 'accent', patch: 'warn', admin: 'bad' };

export function ScopeBadge({ scope }: { scope: Scope }) {
  return (
    <Badge tone={TONES[scope]} title={SCOPES[scope]}>
      {scope}
    </Badge>
  );
}
