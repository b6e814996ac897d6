/** An HTTP method in its colour and a column's width, so that lists of endpoints line up. */
import type { Method as HttpMethod } from '../../contract/index.ts';
import { Badge } from './layout/badge.tsx';
import classes from './kit.module.css';

export function Method({ method, short = false }: { method: HttpMethod; short?: boolean }) {
  return (
    <span className={classes.method} data-method={method} data-short={short || undefined}>
      {short && method === 'DELETE' ? 'DEL' : method}
    </span>
  );
}

/** Which transport something went by, in that transport's colour. */
export function ModeTag({ mode }: { mode: 'restful' | 'direct' }) {
  return <Badge tone={mode}>{mode === 'restful' ? 'RESTful' : 'Direct'}</Badge>;
}
