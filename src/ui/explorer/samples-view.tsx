/** The request as code, in the language of whoever takes it away. */
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { Route } from '../../contract/index.ts';
import { apiBase } from '../kit/address/api-base.ts';
import { useClient, useMode } from '../kit/client-context.tsx';
import { CodeBlock } from '../kit/code/code-block.tsx';
import { isRecord } from '../kit/form/model.ts';
import { useObserved } from '../kit/use-observed.ts';
import { useCredential } from './credential.ts';
import classes from './explorer.module.css';
import { type Sample, samples } from '../kit/code/samples.ts';

export function SamplesView({ route, input }: { route: Route; input: unknown }) {
  const [mode] = useMode();
  const [chosen, setChosen] = useState<Sample['id']>(mode);
  const required = useObserved(useClient().access);
  const bearer = useCredential().kind === 'token' || required;
  const all = samples({ route, input: isRecord(input) ? input : {}, apiBase: apiBase(), bearer });
  const sample = all.find(({ id }) => id === chosen) ?? all[0];
  if (!sample) return null;
  const outside = sample.id === 'curl' || sample.id === 'python';
  return (
    <div className="gb-stack">
      <SegmentedControl
        aria-label="Language"
        value={chosen}
        onChange={(id) => setChosen(id as Sample['id'])}
        data={all.map(({ id, label }) => ({ value: id, label }))}
        className={classes.languages ?? ''}
      />
      <CodeBlock code={sample.code} label={`${sample.label} code`} />
      <p className="gb-small gb-faint">
        {outside
          ? 'The API lives in this tab, and its service worker answers only requests made here. This code is for a server that speaks the same contract, or a bridge to this page.'
          : bearer && sample.id === 'fetch'
            ? 'Runs in this page’s console, with a token in place of gbx_….'
            : 'Runs as it stands in this page’s console.'}
      </p>
    </div>
  );
}
