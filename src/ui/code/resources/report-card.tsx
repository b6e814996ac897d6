/** How the examples of a resource went: of the candidate that was tested, or of the patch that became active. */
import { formatMs } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { brief, briefPair } from '../../kit/json/brief.ts';
import { JsonView } from '../../kit/json/json-view.tsx';
import classes from '../code.module.css';
import { formatDifference } from '../effect/effect-view.tsx';
import type { Report } from '../../kit/code/resource-queries.ts';
import { Card, CardHead } from '../../kit/layout/card.tsx';
import { Spring } from '../../kit/layout/frame.tsx';
import { Badge } from '../../kit/layout/badge.tsx';

interface Props {
  report: Report | null;
  /** What was tested. */
  of: string;
  examples: readonly { name: string; description: string }[];
}

export function ReportCard({ report, of, examples }: Props) {
  return (
    <Card compact aria-label="Tests">
      <CardHead>
        <h2>Tests</h2>
        {report && (
          <Badge tone={report.failed > 0 ? 'bad' : 'ok'}>
            {report.failed > 0 ? `${report.failed} of ${report.passed + report.failed} failed` : `${report.passed} passed`}
          </Badge>
        )}
        <Spring />
        {report && <small className="gb-num">{formatMs(report.compile_ms + report.test_ms)}</small>}
      </CardHead>
      {report ? (
        <>
          <p className="gb-muted">{of}</p>
          {report.cases.length > 0 && (
            <ul className={classes.cases}>
              {report.cases.map((each) => (
                <Case key={each.name} {...each} />
              ))}
            </ul>
          )}
          {report.effect && <CandidateEffect effect={report.effect} />}
        </>
      ) : (
        <p className="gb-muted">
          {examples.length > 0
            ? `A patch becomes active only when ${examples.length === 1 ? 'its example passes' : `its ${examples.length} examples pass`}. “Test” runs them on what stands in the editor and changes nothing.`
            : '“Test” compiles what stands in the editor, runs it apart, and changes nothing.'}
        </p>
      )}
    </Card>
  );
}

function Case({ name, description, passed, diff, rules, duration_ms, actual }: Report['cases'][number]) {
  const head = (
    <>
      <Icon name={passed ? 'check' : 'close'} aria-hidden={false} role="img" aria-label={passed ? 'passed' : 'failed'} />
      <span>{name}</span>
      <small className="gb-num">{formatMs(duration_ms)}</small>
    </>
  );
  if (passed) {
    return (
      <li data-passed title={description}>
        <div className={classes.caseHead}>{head}</div>
      </li>
    );
  }
  const broken = rules.filter((rule) => !rule.passed);
  return (
    <li>
      <details open>
        <summary className={classes.caseHead}>{head}</summary>
        <p>{description}</p>
        {diff.map(({ path, expected, actual: was }) => {
          const [wanted, given] = briefPair(expected, was);
          return (
            <p key={path}>
              <code>{path || '/'}</code>: expected <code>{wanted}</code>, was <code>{given}</code>
            </p>
          );
        })}
        {broken.map((rule) => (
          <p key={rule.name}>
            {rule.name}: <code>{rule.expression}</code> {rule.error ?? `is ${brief(rule.value)}`}
          </p>
        ))}
        {diff.length === 0 && broken.length === 0 && actual !== undefined && <JsonView value={actual} label="What came back" />}
      </details>
    </li>
  );
}

function CandidateEffect({ effect }: { effect: NonNullable<Report['effect']> }) {
  const {
    max_abs_logit_difference: max,
    mean_abs_logit_difference: mean,
    top_1_agreement,
    first_departure: at,
    before_ms,
    after_ms,
  } = effect;
  return (
    <p className="gb-muted">
      Beside the built-in version: logits off by up to <b className="gb-num">{formatDifference(max)}</b> (mean{' '}
      <span className="gb-num">{formatDifference(mean)}</span>), same best token at {Math.round(100 * top_1_agreement)} % of the positions,
      a forward pass in <span className="gb-num">{formatMs(after_ms)}</span> against <span className="gb-num">{formatMs(before_ms)}</span>
      {at ? (
        <>
          ; diverges first in layer {at.layer} at {at.operator} (<code>{at.hook_point}</code>)
        </>
      ) : null}
      .
    </p>
  );
}
