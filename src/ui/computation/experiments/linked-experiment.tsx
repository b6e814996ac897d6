/** An experiment that came by a link: what it would run, and whether the active weights and code are those that it was measured with. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../kit/client-context.tsx';
import { navigate } from '../../kit/address/hash-location.ts';
import { Icon } from '../../kit/icons.tsx';
import { linkedText } from '../../kit/address/linked-text.ts';
import { Fact, Facts } from '../../kit/figures/facts.tsx';
import { useModel } from '../../kit/model/use-model.ts';
import { addressOf } from './address.ts';
import { CheckSummary } from './check-summary.tsx';
import { draftOf, productText } from './draft.ts';
import { type ExperimentInput, nameText, valueText } from './experiment.ts';
import { type Linked, readLink, standingOf } from './link.ts';
import { useCheck } from './use-experiments.ts';
import { Card } from '../../kit/layout/card.tsx';

/** Of the values of one field. */
const VALUES_LENGTH = 1000;

interface Props {
  /** As the address has it. */
  link: string;
  busy: boolean;
  onRun: (input: ExperimentInput) => void;
  onChange: (input: ExperimentInput) => void;
}

export function LinkedExperiment({ link, ...props }: Props) {
  const { data, error } = useQuery({
    queryKey: ['computation', 'linked', link],
    queryFn: () => readLink(link),
    retry: false,
    staleTime: Infinity,
  });
  if (error)
    return (
      <Card aria-label="Experiment of the link">
        <h2>This link cannot be read</h2>
        <p className="gb-bad">{error.message}</p>
        <div className="gb-row gb-tight">
          <Dismiss />
        </div>
      </Card>
    );
  return data ? <Offer linked={data} {...props} /> : null;
}

const Dismiss = () => (
  <Button variant="default" size="compact-sm" onClick={() => navigate(addressOf({}), { replace: true })}>
    Dismiss
  </Button>
);

function Offer({ linked, busy, onRun, onChange }: { linked: Linked } & Omit<Props, 'link'>) {
  const { input } = linked;
  const { data: check, error } = useCheck(input);
  const draft = draftOf(input);
  return (
    <Card aria-label="Experiment of the link">
      <h2>
        {nameText(input.name ?? 'An experiment')} <small>came by a link and has not been run here</small>
      </h2>
      <Facts>
        {draft.rows.map(({ field, values }) => (
          <Fact key={field} name={<code>{linkedText(field)}</code>}>
            {linkedText(values.map(valueText).join(', '), VALUES_LENGTH)}
          </Fact>
        ))}
        <ActiveBeside linked={linked} />
      </Facts>
      <CheckSummary check={check} error={error} product={productText(draft)} />
      <div className="gb-row gb-tight">
        <Button
          size="compact-sm"
          disabled={!check || error !== null}
          loading={busy}
          leftSection={<Icon name="play" size={14} />}
          onClick={() => onRun(input)}
        >
          Run it
        </Button>
        <Button variant="default" size="compact-sm" leftSection={<Icon name="code" size={14} />} onClick={() => onChange(input)}>
          Edit first
        </Button>
        <Dismiss />
      </div>
    </Card>
  );
}

function ActiveBeside({ linked }: { linked: Linked }) {
  const client = useClient();
  const { data: model } = useModel();
  const { data: code } = useQuery({
    queryKey: ['code', 'info'],
    queryFn: ({ signal }) => client.via('direct').get('code', 'info', {}, { signal }),
    refetchInterval: 3000,
    retry: false,
  });
  const weights = model?.weights;
  if (!weights || !code) return null;
  const standing = standingOf(linked, { ...weights, code_revisions: code.state.patched ?? {} });
  return (
    <>
      <Mark name="Weights" same={standing.sameWeights} text={standing.weights} />
      <Mark name="Code" same={standing.sameCode} text={standing.code} />
    </>
  );
}

function Mark({ name, same, text }: { name: string; same: boolean; text: string }) {
  return (
    <Fact name={name}>
      <b className={same ? 'gb-ok' : 'gb-warn'}>
        <Icon name={same ? 'check' : 'warning'} size={14} /> {same ? 'equal' : 'different'}
      </b>{' '}
      {text}
    </Fact>
  );
}
