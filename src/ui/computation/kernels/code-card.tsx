/** The active code beside the plain TypeScript that it is compared with. */
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { CodeBlock } from '../../kit/code/code-block.tsx';
import type { Kernel } from '../queries.ts';
import { Card, CardHead } from '../../kit/layout/card.tsx';

const LANGUAGES = { typescript: 'TypeScript', wgsl: 'WGSL', python: 'Python' } as const;

export function CodeCard({ kernel: { id, language, source, reference } }: { kernel: Kernel }) {
  const [shown, setShown] = useState<'source' | 'reference'>('source');
  return (
    <Card compact aria-label="Code">
      <CardHead>
        <h2>Code</h2>
        <SegmentedControl
          aria-label="Code shown"
          value={shown}
          onChange={(next) => setShown(next as typeof shown)}
          data={[
            { value: 'source', label: `Kernel, ${LANGUAGES[language]}` },
            { value: 'reference', label: 'Reference, TypeScript' },
          ]}
        />
      </CardHead>
      <CodeBlock
        code={(shown === 'source' ? source : reference).trimEnd()}
        label={shown === 'source' ? `source of ${id}` : `reference of ${id}`}
      />
    </Card>
  );
}
