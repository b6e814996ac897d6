/** The head of the panel: what to run, how, and what to take away. */
import { ActionIcon, Button, Menu, Switch, Tooltip } from '@mantine/core';
import { ModeTag } from '../kit/method.tsx';
import { useMode } from '../kit/client-context.tsx';
import { Icon } from '../kit/icons.tsx';
import type { Progress } from './bench.ts';
import classes from './tests.module.css';
import { PanelBar, Spring } from '../kit/layout/frame.tsx';
import { IconButton } from '../kit/icon-button.tsx';

interface Props {
  total: number;
  failed: number;
  changed: number;
  ready: boolean;
  progress: Progress | null;
  both: boolean;
  watch: boolean;
  onBoth: (on: boolean) => void;
  onWatch: (on: boolean) => void;
  onRun: (which: 'all' | 'failed' | 'changed') => void;
  onStop: () => void;
  onAdd: () => void;
  onExport: (format: 'junit' | 'json') => void;
  onForget: () => void;
}

export function Toolbar(props: Props) {
  const { total, failed, changed, ready, progress, both, watch, onBoth, onWatch, onRun, onStop, onAdd, onExport, onForget } = props;
  const [mode] = useMode();
  const busy = progress !== null;
  return (
    <PanelBar title="Tests" keepsTitle>
      <Tooltip label="The switch in the top bar decides how the tests are called">
        <span className="gb-row gb-tight">
          <ModeTag mode={mode} />
          {both && <ModeTag mode={mode === 'restful' ? 'direct' : 'restful'} />}
        </span>
      </Tooltip>
      <Spring />
      <span className={classes.switches}>
        <Tooltip label="Run what a change of weights, code or transport touches">
          <Switch label="Watch" checked={watch} onChange={({ currentTarget }) => onWatch(currentTarget.checked)} />
        </Tooltip>
        <Tooltip label="Also send each case over RESTful and direct, and compare the two answers">
          <Switch label="Both transports" checked={both} disabled={busy} onChange={({ currentTarget }) => onBoth(currentTarget.checked)} />
        </Tooltip>
      </span>
      <span className={classes.runs}>
        <Tooltip label="Run the cases that failed last">
          <Button variant="default" disabled={!ready || busy || failed === 0} onClick={() => onRun('failed')}>
            Failed {failed}
          </Button>
        </Tooltip>
        <Tooltip label="Run the cases without a result for the active code, weights and text">
          <Button variant="default" disabled={!ready || busy || changed === 0} onClick={() => onRun('changed')}>
            Changed {changed}
          </Button>
        </Tooltip>
        {busy ? (
          <Button color="red" variant="light" leftSection={<Icon name="stop" size={14} />} loading={progress.stopping} onClick={onStop}>
            Stop
          </Button>
        ) : (
          <Button leftSection={<Icon name="play" size={14} />} disabled={!ready || total === 0} onClick={() => onRun('all')}>
            Run all
          </Button>
        )}
      </span>
      <span className={classes.extras}>
        <IconButton icon="plus" label="Add a case" size={30} variant="default" onClick={onAdd} />
        <Menu position="bottom-end">
          <Menu.Target>
            <Tooltip label="Export">
              <ActionIcon size={30} variant="default" aria-label="Export the results">
                <Icon name="download" />
              </ActionIcon>
            </Tooltip>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => onExport('junit')}>JUnit XML</Menu.Item>
            <Menu.Item onClick={() => onExport('json')}>JSON</Menu.Item>
            <Menu.Divider />
            <Menu.Item disabled={busy} onClick={onForget}>
              Forget all past runs
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </span>
    </PanelBar>
  );
}
