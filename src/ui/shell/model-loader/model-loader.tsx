/** The dialog that puts another model active: bundled, from the hub, from a URL or from a folder; the old one serves until the new one is whole. */
import { Button, Modal, SegmentedControl, Switch } from '@mantine/core';
import { useMemo, useState } from 'react';
import { ApiError } from '../../../contract/index.ts';
import { useHealth } from '../../kit/client-context.tsx';
import { FormFaults, useFaultFocus } from '../../kit/entry/form-faults.tsx';
import { FirstField } from '../../kit/first-field.tsx';
import { SelectEntry } from '../../kit/entry/select-entry.tsx';
import { useModel } from '../../kit/model/use-model.ts';
import { LoadProgress } from './load-progress.tsx';
import classes from './model-loader.module.css';
import { type Choice, FAULTS, initialChoice } from './source.ts';
import { SourceFields } from './source-fields.tsx';
import { useLoad } from './use-load.ts';
import { LoadedModel } from './loaded-model.tsx';
import { Spring } from '../../kit/layout/frame.tsx';

interface Props {
  opened: boolean;
  onClose: () => void;
}

export function ModelLoader({ opened, onClose }: Props) {
  const [choice, setChoice] = useState(initialChoice);
  const { load, start, stop, reset } = useLoad();
  const { data: model } = useModel();
  const { worker } = useHealth();
  const [isAsked, setAsked] = useState(false);
  const [sent, setSent] = useState<Choice | null>(null);
  const change = (part: Partial<Choice>) => {
    setChoice((before) => ({ ...before, ...part }));
    setAsked(false);
  };
  const loading = load.status === 'loading';
  // What was wrong with another choice says nothing of this one.
  const refused = useMemo(
    () => (load.status === 'failed' && sent === choice ? ApiError.fromProblem(load.problem) : null),
    [load, sent, choice],
  );
  const form = useFaultFocus<HTMLFormElement>(refused ?? isAsked);

  return (
    <Modal opened={opened} onClose={onClose} title="Load a model" size="34rem">
      <FirstField>
        <LoadedModel model={model} isSaid={load.status === 'failed'} />
        <FormFaults error={refused}>
          <form
            ref={form}
            className={classes.form}
            onSubmit={(event) => {
              event.preventDefault();
              if (loading) return;
              if (choice.kind === 'upload' && FAULTS.files(choice) !== null) return setAsked(true);
              setSent(choice);
              void start(choice);
            }}
          >
            <fieldset disabled={loading} className={classes.fields}>
              <SegmentedControl
                fullWidth
                aria-label="Where the model comes from"
                value={choice.kind}
                disabled={loading}
                onChange={(kind) => {
                  change({ kind: kind as Choice['kind'] });
                  reset();
                }}
                data={[
                  { value: 'bundled', label: 'Bundled' },
                  { value: 'hub', label: 'Hub' },
                  { value: 'url', label: 'URL' },
                  { value: 'upload', label: 'Folder' },
                ]}
              />
              <SourceFields choice={choice} isAsked={isAsked} onChange={change} />
              <div className={classes.options}>
                <SelectEntry
                  label="Execution provider"
                  path="/execution_provider"
                  value={choice.provider}
                  onChange={(event) => change({ provider: event.currentTarget.value as Choice['provider'] })}
                  data={[
                    { value: 'auto', label: 'auto: WebGPU, else WASM' },
                    ...(['webgpu', 'wasm'] as const).map((name) => {
                      const known = model?.execution_providers.find((provider) => provider.name === name);
                      const label = name === 'webgpu' ? 'WebGPU' : 'WASM';
                      return {
                        value: name,
                        label: known?.available === false ? `${label} — not here` : label,
                        disabled: known?.available === false,
                      };
                    }),
                  ]}
                />
                <SelectEntry
                  label="Compute dtype"
                  path="/compute_dtype"
                  value={choice.dtype}
                  onChange={(event) => change({ dtype: event.currentTarget.value as Choice['dtype'] })}
                  data={[
                    { value: 'auto', label: 'auto' },
                    { value: 'float32', label: 'float32' },
                    { value: 'float16', label: 'float16' },
                  ]}
                />
              </div>
              {(choice.kind === 'hub' || choice.kind === 'url') && (
                <Switch
                  label="Keep the files in this browser"
                  description="The next load comes from the origin private file system"
                  checked={choice.cache}
                  onChange={(event) => change({ cache: event.currentTarget.checked })}
                />
              )}
            </fieldset>
            <LoadProgress load={load} isUpload={choice.kind === 'upload'} />
            <div className="gb-row">
              <Spring />
              {loading ? (
                <Button color="red" variant="light" onClick={stop}>
                  Stop
                </Button>
              ) : (
                <>
                  <Button variant="default" onClick={onClose}>
                    Close
                  </Button>
                  <Button type="submit" disabled={worker !== 'ready'}>
                    Load
                  </Button>
                </>
              )}
            </div>
          </form>
        </FormFaults>
      </FirstField>
    </Modal>
  );
}
