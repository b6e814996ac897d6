/** How a figure changed, read the same way everywhere: the sign says where it went, the word whether that is better. */
import classes from './kit.module.css';

export type Verdict = 'better' | 'worse' | 'same';

interface Props {
  /** With its sign or as a factor: `−2.8 %`, `1.05 ×`. */
  text: string;
  /** Null where neither is better, or nothing is known. */
  verdict: Verdict | null;
}

export function Change({ text, verdict }: Props) {
  return (
    <span className={classes.change} data-verdict={verdict ?? undefined}>
      {text} {verdict && <small>{verdict}</small>}
    </span>
  );
}

/** `+3.1 %`, `−2.8 %`, `0 %`: of a share, −0.028. */
export function signedPercent(share: number, digits = 1): string {
  const percent = (100 * Math.abs(share)).toFixed(digits);
  if (Number(percent) === 0) return '0 %';
  return `${share > 0 ? '+' : '−'}${percent} %`;
}
