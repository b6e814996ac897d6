/** What can be done with a case: run it, take it to the explorer or away as code, change it. */
import { Button, Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { apiBase } from '../kit/address/api-base.ts';
import { linkTo } from '../kit/address/endpoint-link.ts';
import { samples } from '../kit/code/samples.ts';
import { useMode } from '../kit/client-context.tsx';
import { CopyButton } from '../kit/copy-button.tsx';
import { Icon } from '../kit/icons.tsx';
import { LINK_LIMIT } from '../kit/address/packed-json.ts';
import { routeOf, type TestCase } from './cases.ts';
import { isObject } from '../../contract/differences.ts';
import classes from './detail.module.css';

interface Props {
  test: TestCase;
  busy: boolean;
  onRun: () => void;
  onEdit: () => void;
  onRemove: () => void;
}

export function CaseActions({ test, busy, onRun, onEdit, onRemove }: Props) {
  const [mode] = useMode();
  const link = useExplorerLink(test);
  const code = () => {
    const route = routeOf(test.endpoint);
    if (!route) return '';
    const all = samples({ route, input: isObject(test.input) ? test.input : {}, apiBase: apiBase(), bearer: false });
    return all.find(({ id }) => id === mode)?.code ?? '';
  };
  return (
    <div className={classes.actions}>
      <Tooltip label="Enter">
        <Button leftSection={<Icon name="play" size={14} />} disabled={busy} onClick={onRun}>
          Run
        </Button>
      </Tooltip>
      <Button variant="default" component={Link} href={link} leftSection={<Icon name="api" size={14} />}>
        Open in explorer
      </Button>
      <Button variant="default" onClick={onEdit}>
        {test.own ? 'Edit' : 'Edit a copy'}
      </Button>
      {test.own && (
        <Button variant="default" onClick={onRemove}>
          Delete
        </Button>
      )}
      <CopyButton text={code} label="Copy as client code" icon="code" />
    </div>
  );
}

/** With the case's input; without it where the input is too long for an address. */
function useExplorerLink({ service, operation, input }: TestCase): string {
  const plain = `/api/${service}/${operation}`;
  const [made, setMade] = useState<{ input: unknown; link: string } | null>(null);
  useEffect(() => {
    let current = true;
    void linkTo({ service, operation }, input).then((link) => {
      if (current && link.length <= LINK_LIMIT) setMade({ input, link });
    });
    return () => {
      current = false;
    };
  }, [service, operation, input]);
  return made && made.input === input ? made.link : plain;
}
