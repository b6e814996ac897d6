/** Changes a value inside the model and shows what that does to the next token: one change at a time, or swept over layers and tokens. */
import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { encodeTensors } from '../../../contract/index.ts';
import { StopButton } from '../../kit/stop-button.tsx';
import type { ModelState } from '../../kit/model/use-model.ts';
import { lastOf } from '../../kit/model/token-text.ts';
import { useTokenLabel } from '../../kit/model/use-token-label.ts';
import { NumberEntry } from '../../kit/entry/number-entry.tsx';
import { FoldSection } from '../../kit/fold-section/fold-section.tsx';
import { ProblemAlert } from '../../kit/problem/problem-alert.tsx';
import type { SequenceToken } from '../token-span.ts';
import { EffectBars } from './effect-bars.tsx';
import { callOf, FIRST_INTERVENTION, hasHeads, type Intervention, mismatch, OPERATIONS, PLACES, sweptAlike } from './intervention.ts';
import classes from './interventions.module.css';
import { SweepMap } from './sweep-map.tsx';
import { useDonor } from './use-donor.ts';
import { useIntervention } from './use-intervention.ts';
import { MAX_COLUMNS, useSweep } from './use-sweep.ts';

interface Props {
  model: ModelState | undefined;
  /** The sequence in sight; null while there is none. */
  tokens: readonly SequenceToken[] | null;
  /** Why there is nothing to change, or null. */
  absent: string | null;
}

export function Interventions({ model, tokens, absent }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <FoldSection
      title="Interventions"
      hint="Change a value inside the model, and see what that does to the next token"
      open={open}
      onToggle={setOpen}
    >
      {absent && <p className="gb-small gb-muted">{absent}</p>}
      {!absent && model && tokens && <Bench model={model} tokens={tokens} />}
    </FoldSection>
  );
}

/** Beyond this an address is cut by some browsers and servers, and read by nobody. */
const MAX_ADDRESS = 32_000;

/** Of the API explorer with the call in it; null where the call is too long for an address. */
function explorerAddress(call: ReturnType<typeof callOf>): string | null {
  const address = `#/api/model/forward?input=${encodeURIComponent(JSON.stringify(call, encodeTensors))}`;
  return address.length <= MAX_ADDRESS ? address : null;
}

function waitingFor({ otherText }: Intervention, running: boolean): string {
  if (otherText === '') return 'Write the other text above: say, the same sentence with another name in it.';
  return running ? 'Running the other text…' : 'Nothing was changed.';
}

/** Typing a number should not run the model at every key. */
const SETTLE_MS = 250;

function Bench({ model, tokens }: { model: ModelState; tokens: readonly SequenceToken[] }) {
  const [chosen, setChosen] = useState(FIRST_INTERVENTION);
  const [wantedLength, setWantedLength] = useState<number | null>(null);
  const length = Math.min(wantedLength ?? tokens.length, tokens.length);
  const layers = model.num_layers ?? 1;
  const intervention: Intervention = {
    ...chosen,
    layer: Math.min(chosen.layer, layers - 1),
    token: chosen.token !== null && chosen.token < length ? chosen.token : null,
  };
  const ids = useMemo(() => tokens.slice(0, length).map(({ id }) => id), [tokens, length]);
  const wanted = JSON.stringify([ids, intervention]);
  const [settled] = useDebouncedValue(wanted, SETTLE_MS);
  // Until then what was captured of another text belongs to the choice before.
  const isSettled = settled === wanted;
  const [askedIds, asked] = useMemo(() => JSON.parse(settled) as [number[], Intervention], [settled]);
  const patches = asked.operation === 'patch';
  const other = useDonor(asked, layers, model.weights?.weights_hash);
  const unfit = patches && other.data ? mismatch(other.data, askedIds.length, asked) : null;
  const donor = patches ? (unfit === null && other.data) || null : undefined;
  const changed = useIntervention(askedIds, asked, model.weights?.weights_hash, donor);
  const { data, isFetching } = changed;
  const error = other.error ?? changed.error;
  const refetch = other.error ? other.refetch : changed.refetch;
  const { sweep, start, stop } = useSweep();

  const address = donor === null ? null : explorerAddress(callOf(askedIds, asked, donor));
  const change = (part: Partial<Intervention>) => setChosen({ ...intervention, ...part });
  const label = useTokenLabel();
  const text = (position: number) => label(tokens[position]);
  const heads = (intervention.place === 'q' ? model.num_attention_heads : model.num_key_value_heads) ?? 1;
  const running = sweep?.state === 'running';
  // A map of another change, text or model would stand under a sentence that is not its own.
  const isOfThis =
    sweep !== null &&
    sweep.weightsHash === model.weights?.weights_hash &&
    String(sweep.tokenIds) === String(ids) &&
    sweptAlike(sweep.intervention) === sweptAlike(intervention);
  const shownSweep = isOfThis ? sweep : null;

  return (
    <>
      <div className={classes.controls}>
        <NativeSelect
          label="Value"
          data={[...PLACES]}
          value={intervention.place}
          onChange={({ currentTarget: { value } }) =>
            change({ place: PLACES.find((place) => place.value === value)?.value ?? intervention.place, head: null })
          }
        />
        <NativeSelect
          label="Layer"
          data={Array.from({ length: layers }, (_, layer) => String(layer))}
          value={String(intervention.layer)}
          onChange={({ currentTarget: { value } }) => change({ layer: Number(value) })}
        />
        {hasHeads(intervention.place) && (
          <NativeSelect
            label="Head"
            data={[{ value: '', label: 'every head' }, ...Array.from({ length: heads }, (_, head) => String(head))]}
            value={intervention.head ?? ''}
            onChange={({ currentTarget: { value } }) => change({ head: value === '' ? null : Number(value) })}
          />
        )}
        <NativeSelect
          label="Token"
          data={[
            { value: '', label: 'every token' },
            ...ids.map((_, position) => ({ value: String(position), label: `${position}  ${text(position)}` })),
          ]}
          value={intervention.token ?? ''}
          onChange={({ currentTarget: { value } }) => change({ token: value === '' ? null : Number(value) })}
        />
        <NativeSelect
          label="Change"
          data={[...OPERATIONS]}
          value={intervention.operation}
          onChange={({ currentTarget: { value } }) =>
            change({ operation: OPERATIONS.find((operation) => operation.value === value)?.value ?? intervention.operation })
          }
        />
        {intervention.operation !== 'ablate' && intervention.operation !== 'patch' && (
          <NumberEntry label="By" step={0.5} value={intervention.value} onChange={(value) => change({ value })} />
        )}
        <NumberEntry label="Sequence: first tokens" min={1} max={tokens.length} whole value={length} onChange={setWantedLength} />
      </div>
      {intervention.operation === 'patch' && (
        <TextInput
          label="Other text"
          description="The model runs it too, and its values take the place of the sequence’s, position by position."
          value={intervention.otherText}
          error={unfit}
          onChange={({ currentTarget: { value } }) => change({ otherText: value })}
        />
      )}
      <p className="gb-small gb-muted">
        The token after{' '}
        <code>
          {lastOf(
            ids.map((_, position) => text(position)),
            40,
          )}
        </code>
        , without and with the change. {address && <a href={address}>Open this call in the API explorer</a>}
      </p>
      {error ? (
        <ProblemAlert error={error} onRetry={() => void refetch()} />
      ) : (
        <div aria-live="polite" aria-busy={isFetching} data-busy={isFetching || undefined} className={classes.result}>
          {donor === null ? (
            <p className="gb-small gb-muted">{waitingFor(asked, other.isFetching)}</p>
          ) : data ? (
            <EffectBars effect={data} />
          ) : (
            <p className="gb-small gb-muted">Running the sequence with the change and without…</p>
          )}
        </div>
      )}
      <Group justify="space-between">
        <span className="gb-small gb-muted">
          {running
            ? `${sweep.columns.length} of ${sweep.end - sweep.first} tokens`
            : `The same change in each layer and at each of the last ${Math.min(MAX_COLUMNS, length)} tokens, by its KL divergence.`}
        </span>
        {running ? (
          <StopButton onStop={stop}>Stop the sweep</StopButton>
        ) : (
          <Button
            variant="default"
            disabled={!isSettled || (patches && !other.data)}
            onClick={() => start(askedIds, asked, model.weights?.weights_hash, layers, patches ? other.data : undefined)}
          >
            Sweep layers and tokens
          </Button>
        )}
      </Group>
      {shownSweep?.state === 'failed' && <ProblemAlert error={shownSweep.error} />}
      {sweep && !isOfThis && !running && (
        <p className="gb-small gb-muted">The last sweep was of another choice; sweep again to see this one, or go back to it.</p>
      )}
      {shownSweep && shownSweep.columns.length > 0 && (
        <SweepMap
          sweep={shownSweep}
          text={text}
          onChoose={(layer, token) => {
            setChosen({ ...shownSweep.intervention, layer, token });
          }}
        />
      )}
    </>
  );
}
