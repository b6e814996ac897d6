/** A point on the engine's clock (`performance.now`) as the wire tells it. */
export const isoTime = (ms: number): string => new Date(performance.timeOrigin + ms).toISOString();
