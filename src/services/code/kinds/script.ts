/** Scripts: the resources that a person makes. They are compiled, and run by a person only. */
const SCRIPT = /^script\.[^\s/]+$/;

export const isScript = (id: string): boolean => SCRIPT.test(id);
