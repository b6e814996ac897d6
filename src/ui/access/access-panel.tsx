/** The access panel: whether callers of the RESTful transport need a token, and the tokens that were given out. */
import { Switch } from '@mantine/core';
import { useState } from 'react';
import type { Output } from '../../contract/index.ts';
import { useClient } from '../kit/client-context.tsx';
import { Card } from '../kit/layout/card.tsx';
import { Columns, Frame, Main, PanelBar, Side } from '../kit/layout/frame.tsx';
import { Hint } from '../kit/layout/hint.tsx';
import { useObserved } from '../kit/use-observed.ts';
import { NewTokenForm } from './new-token-form.tsx';
import { ShownToken } from './shown-token.tsx';
import { TokenList } from './token-list.tsx';

export function AccessPanel() {
  /** In this view alone: gone with it. */
  const [made, setMade] = useState<Output<'auth', 'createToken'> | null>(null);
  return (
    <Frame>
      <PanelBar title="Access" keepsTitle>
        <Hint>Who may call this tab’s API, and what.</Hint>
      </PanelBar>
      <Columns width="21rem">
        <Main>
          {made && <ShownToken key={made.id} made={made} onClose={() => setMade(null)} />}
          <TokenList />
        </Main>
        <Side aria-label="Switch and new token">
          <RequireTokens />
          <NewTokenForm onMade={setMade} />
        </Side>
      </Columns>
    </Frame>
  );
}

function RequireTokens() {
  const { access } = useClient();
  const required = useObserved(access);
  return (
    <Card compact aria-label="Require tokens">
      <Switch label="Require tokens" checked={required} onChange={(event) => access.require(event.currentTarget.checked)} />
      <Hint>
        {required
          ? 'Whoever calls the API by fetch needs a token. This page has one of its own, which a reload renews; direct calls need none.'
          : 'Off: whoever can call fetch on this site may do everything. On, each call needs a token with the scope of its endpoint.'}
      </Hint>
      <Hint>
        It keeps honest callers to what they were given. It is no wall against code that runs in this page or its worker: a script or a
        patch can reach what the page can.
      </Hint>
    </Card>
  );
}
