/** With what a script runs: everything, or a client that may less. */
import { NativeSelect, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { type Scope, SCOPES, scopes } from '../../contract/index.ts';
import { EVERYTHING, SCOPE_CHOICES } from '../kit/scope-choice.ts';
import { sessionTexts } from '../../environment/text-store.ts';

const KEY = 'glassbox-script-scope';

/** As the person chose it in this tab. */
export function useScriptScope(): [Scope, (scope: Scope) => void] {
  const [scope, setScope] = useState<Scope>(() => scopes.find((each) => each === sessionTexts.getItem(KEY)) ?? EVERYTHING);
  const choose = (next: Scope) => {
    sessionTexts.setItem(KEY, next);
    setScope(next);
  };
  return [scope, choose];
}

export function ScopeSelect({ value, onChange, className }: { value: Scope; onChange: (scope: Scope) => void; className: string }) {
  const isLess = value !== EVERYTHING;
  return (
    <Tooltip
      multiline
      w={320}
      position="bottom-end"
      label={
        isLess
          ? `${SCOPES[value]} The rest is refused to the script’s client and roles, and \`services\` is out of reach. No sandbox: code that means to can go around it.`
          : 'The script may do what this page may. Choose less, and its client is refused the rest.'
      }
    >
      <NativeSelect
        className={className}
        aria-label="The script may"
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value as Scope)}
        data={SCOPE_CHOICES.map(({ value: each, label }) => ({ value: each, label: `may ${label}` }))}
      />
    </Tooltip>
  );
}
