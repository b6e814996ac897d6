/** Steps of an axis of whole numbers: there is no half a request. */
export const WHOLE = Array.from({ length: 16 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();
