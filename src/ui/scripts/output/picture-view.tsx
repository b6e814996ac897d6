/** A picture that a script showed: a figure of matplotlib, or a file of its own. */
import type { ScriptOutput } from '../../../contract/code-run.ts';
import classes from '../scripts.module.css';

type Picture = Extract<ScriptOutput, { event: 'picture' }>['data'];

export function PictureView({ title, media_type, data }: Picture) {
  return (
    <figure className={classes.picture}>
      {title && <figcaption>{title}</figcaption>}
      <img src={`data:${media_type};base64,${data}`} alt={title ?? 'A picture of the script'} />
    </figure>
  );
}
