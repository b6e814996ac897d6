/** A few lines of code to read and copy, coloured: an editor would be too much for it. */
import { CopyButton } from '../copy-button.tsx';
import { tokens } from './code-tokens.ts';
import classes from '../kit.module.css';

export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <div className={classes.code}>
      {/* Scrollable, so the keyboard must reach it. */}
      <pre tabIndex={0} aria-label={label}>
        <code>
          {tokens(code).map((token, index) => (
            <span key={index} data-token={token.kind === 'plain' ? undefined : token.kind}>
              {token.text}
            </span>
          ))}
        </code>
      </pre>
      <span className={classes.codeCopy}>
        <CopyButton text={code} label={`Copy ${label}`} />
      </span>
    </div>
  );
}
