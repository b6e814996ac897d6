/** The history of a resource: every version that became active, with the way back to each. */
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../kit/client-context.tsx';
import { Moment } from '../../kit/moment.tsx';
import { ProblemAlert } from '../../kit/problem/problem-alert.tsx';
import classes from '../code.module.css';
import { type Revision, revisionsQuery } from '../../kit/code/resource-queries.ts';
import { Card, CardHead } from '../../kit/layout/card.tsx';
import { Badge } from '../../kit/layout/badge.tsx';
import { IconButton } from '../../kit/icon-button.tsx';

interface Props {
  id: string;
  revision: string;
  busy: boolean;
  /** The one that the draft is compared with. */
  compared: string | null;
  onCompare: (revision: Revision | null) => void;
  onRevert: (revision: Revision) => void;
}

export function RevisionsCard({ id, revision, busy, compared, onCompare, onRevert }: Props) {
  const { data: revisions = [], error } = useQuery(revisionsQuery(useClient(), id, revision));
  return (
    <Card compact aria-label="Revisions">
      <CardHead>
        <h2>Revisions</h2>
      </CardHead>
      {error && <ProblemAlert error={error} />}
      <ol className={classes.revisions}>
        {revisions.map((each) => (
          <li key={each.revision_id} aria-current={each.active || undefined}>
            <div>
              <code>{each.revision_id.slice(0, 8)}</code>
              <span>{each.message || (each.built_in ? 'Came with the workbench' : '')}</span>
              <small>
                {each.created_at !== null && <Moment at={each.created_at} />}
                {each.language !== 'typescript' && ` ${each.language}`}
              </small>
            </div>
            {each.built_in && <Badge>built-in</Badge>}
            {each.active && <Badge tone="ok">active</Badge>}
            <IconButton
              icon="layers"
              label={`Compare the draft with ${each.revision_id.slice(0, 8)}`}
              tip="Compare the draft with it"
              aria-pressed={compared === each.revision_id}
              onClick={() => onCompare(compared === each.revision_id ? null : each)}
            />
            {!each.active && (
              <IconButton
                icon="undo"
                label={`Revert to ${each.revision_id.slice(0, 8)}`}
                tip="Make it active again"
                disabled={busy}
                onClick={() => onRevert(each)}
              />
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}
