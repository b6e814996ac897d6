/** Classes of a part of the kit, with those that its user adds. */
export const classNames = (...names: readonly (string | undefined)[]): string => names.filter(Boolean).join(' ');
