/** Shows any JSON value as a tree that stays quick at 10 MB, because only a bounded part of it is ever rendered. */
import { type ReactNode, useState } from 'react';
import { Icon } from '../icons.tsx';
import classes from './json-view.module.css';
import { childrenOf, isLeaf, isRow, numbersPreview, opensAtFirst, summary } from './shape.ts';

const PAGE = 50;
const ROW_LIMIT = 256;
const STRING_PREVIEW = 600;
const STRING_LIMIT = 100_000;

export function JsonView({ value, label }: { value: unknown; label: string }) {
  return (
    <div className={classes.root} role="group" aria-label={label}>
      <Node value={value} depth={0} />
    </div>
  );
}

interface NodeProps {
  value: unknown;
  name?: string;
  depth: number;
  /** One of many: it starts closed. */
  ofMany?: boolean;
}

function Node({ value, name, depth, ofMany }: NodeProps) {
  if (isLeaf(value)) {
    return (
      <div className={classes.line}>
        <Key name={name} />
        <Leaf value={value} />
      </div>
    );
  }
  if (isRow(value)) {
    return (
      <div className={classes.line}>
        <Key name={name} />
        <Row value={value} />
      </div>
    );
  }
  return <Branch value={value} depth={depth} ofMany={ofMany ?? false} {...(name !== undefined && { name })} />;
}

function Branch({ value, name, depth, ofMany = false }: NodeProps) {
  const [open, setOpen] = useState(() => !ofMany && opensAtFirst(value, depth));
  const [shown, setShown] = useState(PAGE);
  const children = open ? childrenOf(value, shown) : undefined;
  return (
    <div>
      <button type="button" className={classes.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="chevron" size={12} className={classes.chevron} />
        <Key name={name} />
        <span className={classes.summary}>{summary(value, open)}</span>
      </button>
      {children && (
        <div className={classes.children}>
          {children.entries.map(([key, child]) => (
            <Node key={key} name={key} value={child} depth={depth + 1} ofMany={Array.isArray(value) && value.length > 12} />
          ))}
          {children.rest > 0 && (
            <More onClick={() => setShown(shown + PAGE * 4)}>
              {Math.min(PAGE * 4, children.rest)} more of {children.rest.toLocaleString('en')}
            </More>
          )}
        </div>
      )}
    </div>
  );
}

/** Numbers and short words in one wrapped line: token ids, masks, shapes. */
function Row({ value }: { value: ArrayLike<unknown> }) {
  const [shown, setShown] = useState(ROW_LIMIT);
  const { items, rest } = numbersPreview(value, shown);
  return (
    <span className={classes.row}>
      <span className={classes.punctuation}>[</span>
      {items.map((item, index) => (
        // eslint-disable-next-line react/no-array-index-key -- the position is the identity
        <span key={index}>
          <Leaf value={item} />
          {index < items.length - 1 && <span className={classes.punctuation}>, </span>}
        </span>
      ))}
      {rest > 0 && (
        <>
          <span className={classes.punctuation}>, </span>
          <More onClick={() => setShown(shown + ROW_LIMIT * 4)}>{rest.toLocaleString('en')} more</More>
        </>
      )}
      <span className={classes.punctuation}>]</span>
      {value.length > 8 && <span className={classes.count}>{value.length.toLocaleString('en')}</span>}
    </span>
  );
}

function Leaf({ value }: { value: unknown }) {
  if (typeof value === 'string') return <Text value={value} />;
  if (typeof value === 'number' || typeof value === 'bigint') return <span className={classes.number}>{String(value)}</span>;
  if (typeof value === 'boolean' || value === null) return <span className={classes.word}>{String(value)}</span>;
  if (value instanceof Blob) return <span className={classes.summary}>Blob of {value.size} bytes</span>;
  return <span className={classes.summary}>{value === undefined ? 'nothing' : Array.isArray(value) ? '[ ]' : '{ }'}</span>;
}

function Text({ value }: { value: string }) {
  const [all, setAll] = useState(false);
  const cut = value.length > STRING_PREVIEW && !all;
  const text = cut ? value.slice(0, STRING_PREVIEW) : value.slice(0, STRING_LIMIT);
  return (
    <span className={classes.string}>
      {JSON.stringify(text)}
      {cut && <More onClick={() => setAll(true)}>{value.length.toLocaleString('en')} characters</More>}
      {all && value.length > STRING_LIMIT && (
        <span className={classes.summary}> … cut at {STRING_LIMIT.toLocaleString('en')}; copy or download has the rest</span>
      )}
    </span>
  );
}

function Key({ name }: { name: string | undefined }) {
  if (name === undefined) return null;
  return (
    <span className={classes.key}>
      {name}
      <span className={classes.punctuation}>: </span>
    </span>
  );
}

function More({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" className={classes.more} onClick={onClick}>
      … {children}
    </button>
  );
}
