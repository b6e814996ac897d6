/** The button that says as whom a RESTful request goes out, and the dialog that changes it. */
import '@mantine/core/styles/Radio.css';
import '@mantine/core/styles/PasswordInput.css';
import { Button, Modal, PasswordInput, Radio } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import type { Scope } from '../../../contract/index.ts';
import { useClient } from '../../kit/client-context.tsx';
import { FirstField } from '../../kit/first-field.tsx';
import { Icon } from '../../kit/icons.tsx';
import { FormStack } from '../../kit/layout/fields.tsx';
import { Hint } from '../../kit/layout/hint.tsx';
import { ScopeBadge } from '../../kit/scope-badge.tsx';
import { useObserved } from '../../kit/use-observed.ts';
import { type Credential, credential, credentialName, useCredential } from '../credential.ts';
import classes from './request.module.css';

export function Authorize({ scope }: { scope: Scope }) {
  const [isOpen, dialog] = useDisclosure();
  const chosen = useCredential();
  const required = useObserved(useClient().access);
  const name = credentialName(chosen);
  return (
    <>
      <Button
        variant="default"
        leftSection={<Icon name="key" size={14} />}
        onClick={dialog.open}
        title={`RESTful requests are sent ${name}${required ? '' : '; no token is required now'}`}
        className={classes.authorize ?? ''}
      >
        Authorize
        {chosen.kind !== 'page' && <span className={classes.as}>{name}</span>}
      </Button>
      <Modal opened={isOpen} onClose={dialog.close} title="Authorize">
        <FirstField>
          <Choice chosen={chosen} scope={scope} required={required} onClose={dialog.close} />
        </FirstField>
      </Modal>
    </>
  );
}

function Choice({ chosen, scope, required, onClose }: { chosen: Credential; scope: Scope; required: boolean; onClose: () => void }) {
  const [kind, setKind] = useState(chosen.kind);
  const [token, setToken] = useState(chosen.kind === 'token' ? chosen.token : '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // The dialog stands in the form of the request, which is not sent by this.
    event.stopPropagation();
    credential.set(kind === 'token' ? { kind, token: token.trim() } : { kind });
    onClose();
  };
  return (
    <FormStack onSubmit={submit}>
      <Hint>
        This endpoint needs <ScopeBadge scope={scope} />.{' '}
        {required ? 'Tokens are required: ' : 'No token is required now, and what is sent is not looked at; '}
        <Link href="/access" onClick={onClose}>
          Access
        </Link>{' '}
        has the switch, and gives them out.
      </Hint>
      <Radio.Group label="RESTful requests go out" value={kind} onChange={(next) => setKind(next as Credential['kind'])}>
        <div className="gb-stack gb-tight">
          <Radio value="page" label="as this page, which may do everything" />
          <Radio value="token" label="by a token" />
          <Radio value="nobody" label="without a token" />
        </div>
      </Radio.Group>
      {kind === 'token' && (
        <PasswordInput
          label="Token"
          placeholder="gbx_…"
          autoComplete="off"
          required
          withAsterisk={false}
          data-autofocus
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          description="Kept until the page is left, and in no link, draft or history."
        />
      )}
      <Hint>Direct calls pass no guard: they are the page’s own.</Hint>
      <Button type="submit">Use it</Button>
    </FormStack>
  );
}
