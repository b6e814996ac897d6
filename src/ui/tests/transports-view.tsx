/** The same input over REST and straight to the worker: status, time, and whether the answers agree. */
import { formatMs } from '../kit/format.ts';
import { ModeTag } from '../kit/method.tsx';
import classes from './detail.module.css';
import { isCompared, type TransportComparison } from './execute.ts';
import { briefPair } from '../kit/json/brief.ts';
import { Mark } from './verdict.tsx';
import { ShareBar } from '../kit/share-bar/share-bar.tsx';

export function TransportsView({ comparison: { sides, differences } }: { comparison: TransportComparison }) {
  const slowest = Math.max(...sides.map(({ durationMs }) => durationMs));
  const missing = !isCompared({ sides });
  const agree = differences.length === 0;
  return (
    <div className={classes.transports}>
      <p>The input was sent once more each way. These are the times of those two calls; the list has the time of the test in the worker.</p>
      {sides.map(({ mode, status, code, durationMs }, index) => (
        <div key={index} className={classes.side}>
          <ModeTag mode={mode} />
          <span>{code ? `${status} ${code}` : `${status} OK`}</span>
          <ShareBar share={durationMs / slowest} tone={mode} />
          <span className="gb-num">{formatMs(durationMs)}</span>
        </div>
      ))}
      <p>
        {missing ? (
          'RESTful mode is not available here; both calls went direct.'
        ) : (
          <>
            <Mark look={agree ? 'passed' : 'failed'} /> {agree ? 'Both gave the same answer.' : 'The answers differ:'}
          </>
        )}
      </p>
      {differences.length > 0 && (
        <ul className={classes.expressions}>
          {differences.map(({ path, expected, actual }) => {
            const [restful, direct] = briefPair(expected, actual, 60);
            return (
              <li key={path}>
                <code>{path || '/'}</code> RESTful {restful}, direct {direct}
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
