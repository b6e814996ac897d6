/** What is wrong with an input, in plain words and said once: an entry for each fault with its place, and all of them as sentences. */
import { z } from 'zod';
import { ApiError, type ErrorCode, type ErrorItem } from './errors.ts';
import { closest, fieldMeant } from './known-names.ts';

type Issue = z.core.$ZodIssue;
type Branches = readonly (readonly Issue[])[];

/** Entries of one answer: a list of a million wrong numbers is told by its first. */
const MAX_ERRORS = 100;
/** Of them, those that `detail` says too. */
const SAID = 4;
/** A longer list of names says nothing. */
const MAX_NAMES = 16;

/**
 * The problem of an input with these faults. A message is what can be said of the field, as in `must be at least 1; it is −5.`
 * @example throw invalidInput([{ path: '/tokens', message: 'must be at least 1; it is 0.' }])
 */
export const invalidInput = (errors: readonly ErrorItem[]): ApiError => problemAt('validation_failed', errors);

/** The same for a fault of another kind, such as a conflict with what is there: `detail` is its faults in a row. */
export function problemAt(code: ErrorCode, errors: readonly ErrorItem[]): ApiError {
  const said = errors.slice(0, SAID).map(({ path, message }) => `${placeName(path)} ${message}`);
  const more = errors.length - said.length;
  return new ApiError(
    code,
    [...said, ...(more > 0 ? [`There ${more === 1 ? 'is one more fault' : `are ${more} more faults`}; \`errors\` has them.`] : [])].join(
      ' ',
    ),
    errors.slice(0, MAX_ERRORS),
  );
}

/** The input as the type takes it. @throws ApiError validation_failed with every fault */
export function parseInput<T extends z.ZodType>(type: T, input: unknown): z.output<T> {
  const parsed = type.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw invalidInput(faultsOf(type, parsed.error.issues, input));
}

/** Faults of a value that the type refused, at JSON Pointers into it. */
export function faultsOf(type: z.ZodType, issues: readonly Issue[], value: unknown): ErrorItem[] {
  return issues.slice(0, MAX_ERRORS).flatMap((issue) => describe(type, issue, value));
}

/** Why a type does not take a value, as can be said of its field; null where it takes it. */
export function faultOf(type: z.ZodType, value: unknown): string | null {
  const parsed = type.safeParse(value, { reportInput: true });
  return parsed.success ? null : faultsOf(type, parsed.error.issues, value)[0]!.message;
}

/** The type of a number within bounds: what does not keep to them is told as of any field. */
export function numberWithin({ minimum = -Infinity, maximum = Infinity, above, below, whole = false }: NumberBounds): z.ZodType<number> {
  let type: z.ZodInt | z.ZodNumber = whole ? z.int() : z.number();
  if (minimum !== -Infinity) type = type.min(minimum);
  if (above !== undefined) type = type.gt(above);
  if (below !== undefined) type = type.lt(below);
  if (maximum !== Infinity) type = type.max(maximum);
  return type;
}

export interface NumberBounds {
  minimum?: number | undefined;
  maximum?: number | undefined;
  /** Bounds that are themselves left out. */
  above?: number | undefined;
  below?: number | undefined;
  whole?: boolean | undefined;
}

/** `/requests/3/prompt_tokens` as a person would say it: `requests[3].prompt_tokens`. */
export function placeName(pointer: string): string {
  const parts = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const name = parts.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`)).join('');
  return name.replace(/^\./, '') || 'The input';
}

export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

function describe(type: z.ZodType, issue: Issue, whole: unknown): ErrorItem[] {
  if (issue.code === 'unrecognized_keys') {
    const fields = fieldsAt(type, issue.path, whole);
    return issue.keys.map((key) => ({ path: pointerOf([...issue.path, key]), message: unknownField(key, fields) }));
  }
  if (issue.code === 'invalid_union' && !('discriminator' in issue && issue.discriminator)) {
    const nearest = nearestBranch(issue.errors);
    if (nearest && !isMissing(issue)) {
      const within = nearest.map((each) => ({ ...each, path: [...issue.path, ...each.path] }) as Issue);
      return within.flatMap((each) => describe(type, each, whole));
    }
  }
  return [{ path: pointerOf(issue.path), message: `${sentenceOf(issue)}.` }];
}

const isMissing = (issue: Issue): boolean => issue.input === undefined && 'path' in issue && issue.code !== 'custom';

function sentenceOf(issue: Issue): string {
  const { input } = issue;
  if (issue.code === 'custom') return issue.message;
  if (issue.code === 'invalid_union' && 'discriminator' in issue && typeof issue.discriminator === 'string') {
    const given = (input as Record<string, unknown> | null)?.[issue.discriminator];
    return oneOf(('options' in issue && issue.options) || [], given);
  }
  if (isMissing(issue)) return 'is required';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kindOf(issue.expected)}; it is ${shown(input)}`;
    case 'invalid_union':
      return `must be ${kindsOf(issue.errors)}; it is ${shown(input)}`;
    case 'invalid_value':
      return oneOf(issue.values, input);
    case 'too_small':
      return bounded(issue.origin, issue.minimum, issue.inclusive !== false, 'least', input);
    case 'too_big':
      return bounded(issue.origin, issue.maximum, issue.inclusive !== false, 'most', input);
    case 'invalid_key':
      return `is no name that is taken here: it ${issue.issues.map((each) => sentenceOf({ ...each, input } as Issue)).join(' and ')}`;
    case 'invalid_format':
      return `${formatOf(issue)}; it is ${shown(input)}`;
    default:
      return `${issue.message}; it is ${shown(input)}`;
  }
}

function bounded(origin: string, bound: number | bigint, isInclusive: boolean, side: 'least' | 'most', value: unknown): string {
  if (origin === 'string' || origin === 'array' || origin === 'set' || origin === 'map') {
    const length = (value as { length?: number }).length ?? 0;
    const unit = origin === 'string' ? 'character' : 'item';
    if (side === 'least' && bound === 1) return 'must not be empty';
    return `must have at ${side} ${shownNumber(Number(bound))} ${unit}${bound === 1 ? '' : 's'}; it has ${shownNumber(length)}`;
  }
  if (Math.abs(Number(bound)) === Number.MAX_SAFE_INTEGER) return `must be a whole number that is exact; it is ${shown(value)}`;
  const limit = shownNumber(Number(bound));
  const words = isInclusive ? `at ${side} ${limit}` : `${side === 'least' ? 'greater' : 'less'} than ${limit}`;
  return `must be ${words}; it is ${shown(value)}`;
}

function formatOf(issue: Extract<Issue, { code: 'invalid_format' }>): string {
  // A pattern with words of its own begins with `must`.
  if (issue.message.startsWith('must ')) return issue.message;
  return 'pattern' in issue && issue.pattern ? `must match ${issue.pattern}` : `must be of the format ${issue.format}`;
}

function oneOf(values: readonly unknown[], given: unknown): string {
  const names = values.map((value) => shown(value));
  const known = names.length === 1 ? names[0]! : `one of ${names.slice(0, MAX_NAMES).join(', ')}${names.length > MAX_NAMES ? ', …' : ''}`;
  if (given === undefined) return `is required: ${known}`;
  const meant =
    typeof given === 'string'
      ? closest(
          given,
          values.filter((value) => typeof value === 'string'),
        )
      : null;
  return `must be ${known}; it is ${shown(given)}${meant === null ? '' : ` (did you mean ${shown(meant)}?)`}`;
}

/** What can be said of a name that none of the fields has. */
export function unknownField(name: string, fields: Readonly<Record<string, z.ZodType>>): string {
  const meant = fieldMeant(name, fields);
  if (meant !== null) return `is no field here; did you mean ${meant}?`;
  const names = Object.keys(fields);
  if (names.length === 0) return 'is no field here; none is taken.';
  if (names.length > MAX_NAMES) return 'is no field here.';
  return `is no field here; ${names.length === 1 ? `only ${names[0]} is` : `there are ${names.join(', ')}`}.`;
}

/** The fields of the object at a path: of a union, those of the alternative that the value names. */
function fieldsAt(type: z.ZodType, path: readonly PropertyKey[], value: unknown): Record<string, z.ZodType> {
  if (type instanceof z.ZodOptional || type instanceof z.ZodDefault || type instanceof z.ZodNullable)
    return fieldsAt(type.unwrap() as z.ZodType, path, value);
  if (type instanceof z.ZodUnion) {
    const options = type.options as readonly z.ZodType[];
    const tag = type instanceof z.ZodDiscriminatedUnion ? (type.def as { discriminator: string }).discriminator : null;
    const named = tag === null ? undefined : options.find((option) => isOf(option, tag, value));
    return Object.assign({}, ...(named ? [named] : options).map((option) => fieldsAt(option, path, value))) as Record<string, z.ZodType>;
  }
  const [first, ...rest] = path;
  const inner = first === undefined ? undefined : (value as Record<PropertyKey, unknown> | undefined | null)?.[first];
  if (type instanceof z.ZodArray) return first === undefined ? {} : fieldsAt(type.element as z.ZodType, rest, inner);
  if (type instanceof z.ZodRecord) return first === undefined ? namedIn(type) : fieldsAt(type.valueType as z.ZodType, rest, inner);
  if (!(type instanceof z.ZodObject)) return {};
  const shape = type.shape as Record<string, z.ZodType>;
  if (first === undefined) return shape;
  const field = shape[String(first)];
  return field ? fieldsAt(field, rest, inner) : {};
}

/** Of a record over a list of names, these. */
function namedIn({ keyType, valueType }: z.ZodRecord): Record<string, z.ZodType> {
  return keyType instanceof z.ZodEnum ? Object.fromEntries(keyType.options.map((name) => [String(name), valueType as z.ZodType])) : {};
}

function isOf(option: z.ZodType, tag: string, value: unknown): boolean {
  const literal = option instanceof z.ZodObject ? (option.shape as Record<string, z.ZodType>)[tag] : undefined;
  return literal?.safeParse((value as Record<string, unknown> | null)?.[tag]).success ?? false;
}

const isOtherKind = (branch: Branches[number]) => branch.some(({ code, path }) => code === 'invalid_type' && path.length === 0);

/** What is wrong by the alternative that was meant: the one that takes a value of this kind, and gets furthest into it. */
function nearestBranch(branches: Branches): Branches[number] | null {
  const depth = (branch: Branches[number]) => branch.reduce((deepest, { path }) => Math.max(deepest, path.length), 0);
  return branches.filter((branch) => branch.length > 0 && !isOtherKind(branch)).toSorted((a, b) => depth(b) - depth(a))[0] ?? null;
}

/** What the alternatives of a union take, where the value is of another kind. */
function kindsOf(branches: Branches): string {
  const kinds = branches.flatMap((branch) => branch.flatMap((issue) => (issue.code === 'invalid_type' ? [kindOf(issue.expected)] : [])));
  return [...new Set(kinds)].join(' or ') || 'of another kind';
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

const kindOf = (expected: string): string => KINDS[expected] ?? expected;

/** With a real minus sign, and long whole ones in groups of three digits. */
export function shownNumber(value: number): string {
  const isLong = Number.isInteger(value) && Math.abs(value) >= 10_000 && Math.abs(value) < 1e15;
  return (isLong ? value.toLocaleString('en') : String(value)).replace(/^-/, '−');
}

function shown(value: unknown): string {
  if (value === undefined) return 'not there';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'number') return shownNumber(value);
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value.length > 90 ? value.slice(0, 90) : value) : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
