/** Finding hook points by name or pattern. */
import { ApiError } from '../../contract/index.ts';
import type { HookPoint } from '../../engine/graph/index.ts';

/**
 * Every hook point of a name or pattern: `attentions.*`.
 * @param path of the field that holds the pattern
 * @throws ApiError not_found
 */
export function hookPointsNamed(pattern: string, hookPoints: readonly HookPoint[], path: string): HookPoint[] {
  if (hookPoints.length === 0) {
    throw new ApiError('not_found', 'An opaque ONNX model has no hook points; load its safetensors to look inside.', [
      { path, message: 'must be empty.' },
    ]);
  }
  const found = hookPoints.filter(({ name }) => matches(pattern, name));
  if (found.length === 0) {
    throw new ApiError(
      'not_found',
      `The model has no hook point "${pattern}"; GET /model/info lists them (${hookPoints[0]!.name} … ${hookPoints.at(-1)!.name}).`,
      [{ path, message: `names no hook point: "${pattern}".` }],
    );
  }
  return found;
}

/** `*` stands for anything between two dots. Parts are looked for from left to right, so that no pattern takes long. */
function matches(pattern: string, name: string): boolean {
  const segments = name.split('.');
  const patterns = pattern.split('.');
  return patterns.length === segments.length && patterns.every((each, i) => matchesSegment(each.split('*'), segments[i]!));
}

function matchesSegment(parts: readonly string[], text: string): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - at >= last.length && text.endsWith(last);
}
