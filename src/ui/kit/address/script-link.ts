/** Where a script is opened. */
export const scriptHref = ({ id }: { id: string }): string => `/scripts/${encodeURIComponent(id)}`;
