/** Formulas over named sizes, such as `2 * M * N * K + M`: the shapes and costs of kernels as text that people read and code evaluates. */

/** @throws RangeError for a name that has no value */
export function evaluateFormula(formula: string, values: Readonly<Record<string, number>>): number {
  const factor = (text: string): number => {
    if (/^\d+$/.test(text)) return Number(text);
    const value = values[text];
    if (value === undefined) throw new RangeError(`"${text}" of the formula ${formula} has no value.`);
    return value;
  };
  return formula
    .split(' + ')
    .map((term) => term.split(' * ').reduce((product, text) => product * factor(text), 1))
    .reduce((sum, term) => sum + term, 0);
}
