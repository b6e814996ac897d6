/** One endpoint: what it is, its request on the left, its response on the right; the address always says which input was sent. */
import { useEffect, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import type { Route } from '../../contract/index.ts';
import { navigate, useHashSearch } from '../kit/address/hash-location.ts';
import type { Mode } from '../kit/client-context.tsx';
import { Method } from '../kit/method.tsx';
import { ScopeBadge } from '../kit/scope-badge.tsx';
import { Prose } from '../kit/prose.tsx';
import { jsonSchemaOf } from '../kit/json/json-schema.ts';
import { useIntoSight } from '../kit/layout/use-into-sight.ts';
import { LinkNotice } from '../kit/address/link-notice.tsx';
import { linkedText } from '../kit/address/linked-text.ts';
import { LINK_LIMIT } from '../kit/address/packed-json.ts';
import { linkTo } from '../kit/address/endpoint-link.ts';
import classes from './explorer.module.css';
import { isSaidInForm } from '../kit/form/faults.ts';
import { formModel } from '../kit/form/model.ts';
import { focusField } from '../kit/form/schema-form.tsx';
import type { HistoryEntry } from './history.ts';
import { Origin } from './origin.tsx';
import { Path } from './overview.tsx';
import { type InputView, RequestPanel } from './request/request-panel.tsx';
import { useDraft } from './request/use-draft.ts';
import { useSend } from './request/use-send.ts';
import { ResponsePanel } from './response/response-panel.tsx';
import { useLinked } from './use-linked.ts';

const NO_ERRORS: readonly never[] = [];

/** Remembered from endpoint to endpoint. */
let lastView: InputView = 'form';

export function EndpointPage({ route }: { route: Route }) {
  const { endpoint } = route;
  const search = useHashSearch();
  const [, goTo] = useLocation();
  const { draft, setText, setValue } = useDraft(route);
  const { run, send, stop, compare } = useSend(route);
  const [view, setView] = useState(lastView);
  const { origin, applied } = useLinked(search, draft.value, setValue);
  const form = useMemo(() => formModel(jsonSchemaOf(endpoint.input, 'input')), [endpoint]);
  const { ref: answer, show: showAnswer } = useIntoSight<HTMLDivElement>();

  const changeView = (next: InputView) => {
    lastView = next;
    setView(next);
  };

  const sendAndNote = async (input: unknown, mode: Mode) => {
    void send(input, mode).then((exchange) => {
      const wrong = exchange?.problem?.errors.find(({ path }) => path.startsWith('/'));
      if (wrong && view === 'form') focusField(wrong.path);
    });
    showAnswer();
    const link = await linkTo(route, input);
    if (link.length > LINK_LIMIT) return;
    applied(link.slice(link.indexOf('?') + 1));
    navigate(link, { replace: true });
  };

  const showField = (pointer: string, onMissing?: () => void) => {
    changeView('form');
    // After the form is there.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        if (!focusField(pointer)) onMissing?.();
      }),
    );
  };

  // Ctrl-K leads to a field.
  const [missing, setMissing] = useState<string | null>(null);
  const asked = new URLSearchParams(search).get('field');
  useEffect(() => {
    setMissing(null);
    if (asked) showField(asked, () => setMissing(asked));
    // oxlint-disable-next-line react/exhaustive-deps -- once for each address, not for each render
  }, [asked]);

  const repeat = (entry: HistoryEntry) => {
    if (entry.service === route.service && entry.operation === route.operation) {
      setValue(entry.input);
      void sendAndNote(entry.input, entry.mode);
    } else {
      void linkTo(entry, entry.input).then((link) => goTo(link));
    }
  };

  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <h1>
          <Method method={endpoint.method} /> <Path path={route.path} /> <ScopeBadge scope={endpoint.scope} />
        </h1>
        <p className={classes.summary}>{endpoint.summary}</p>
        <p>
          <Prose text={endpoint.description} />
        </p>
      </header>
      {missing !== null && (
        <LinkNotice tone="warn" actions={[{ label: 'Close', run: () => setMissing(null) }]}>
          <p>The request has no field “{linkedText(missing)}”.</p>
        </LinkNotice>
      )}
      {origin && <Origin route={route} origin={origin} input={draft.value} />}
      <div className={classes.columns}>
        <RequestPanel
          route={route}
          field={form}
          draft={draft}
          view={view}
          onView={changeView}
          setText={setText}
          setValue={setValue}
          errors={run.input === draft.value ? (run.exchange?.problem?.errors ?? NO_ERRORS) : NO_ERRORS}
          running={run.status === 'running'}
          onSend={(mode) => void sendAndNote(draft.value, mode)}
          onStop={stop}
        />
        <div ref={answer} className={classes.answer}>
          <ResponsePanel
            route={route}
            run={run}
            input={draft.value}
            isAtField={(item) => view === 'form' && run.input === draft.value && isSaidInForm(form, draft.value, item)}
            onCompare={() => void compare()}
            onField={(pointer) => showField(pointer)}
            onRepeat={repeat}
          />
        </div>
      </div>
    </div>
  );
}
