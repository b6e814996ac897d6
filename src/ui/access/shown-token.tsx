/** A token that was just made: in sight until it is closed, and never again. */
import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { Output } from '../../contract/index.ts';
import { CopyButton } from '../kit/copy-button.tsx';
import { Card, CardHead } from '../kit/layout/card.tsx';
import { Hint } from '../kit/layout/hint.tsx';
import classes from './access.module.css';

export function ShownToken({ made, onClose }: { made: Output<'auth', 'createToken'>; onClose: () => void }) {
  const card = useRef<HTMLElement>(null);
  useEffect(() => card.current?.focus(), []);
  return (
    <Card ref={card} tabIndex={-1} aria-label="The new token" className={classes.shown}>
      <CardHead>
        <h2>The token for {made.name}</h2>
        <Button variant="default" onClick={onClose}>
          I have it
        </Button>
      </CardHead>
      <div className={classes.token}>
        <code>{made.token}</code>
        <CopyButton text={made.token} label="Copy the token" />
      </div>
      <Hint>
        It is shown here once: only its hash is kept. Send it as the header <code>Authorization: Bearer …</code>, never in an address.
      </Hint>
    </Card>
  );
}
