/** What two transports must agree on: a result without what differs from call to call by its nature. */
import { isVolatile } from '../contract/differences.ts';
import { type Tensor, tensorData } from '../contract/index.ts';

interface TextFile {
  media_type: string;
  content: string;
}

const isTensor = (value: object): value is Tensor => 'dtype' in value && 'shape' in value && 'data' in value;

const isTextFile = (value: object): value is TextFile => 'media_type' in value && 'content' in value;

/** The records of JSON lines, or the columns of a table: its rows are figures. */
const contentOf = ({ media_type, content }: TextFile): unknown =>
  media_type === 'application/jsonl' ? content.split('\n').map((line) => stable(JSON.parse(line))) : content.split('\n', 1);

/** The value with tensors as plain numbers and volatile fields left out. */
export function stable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stable);
  if (typeof value !== 'object' || value === null) return value;
  if (isTensor(value)) return { dtype: value.dtype, shape: value.shape, data: Array.from(tensorData(value)) };
  if (isTextFile(value)) return { ...value, content: contentOf(value) };
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !isVolatile(key))
      .map(([key, item]) => [key, stable(item)]),
  );
}
