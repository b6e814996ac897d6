/** Scripts: the resources that a person makes. They are compiled, and run by a person only. */
const SCRIPT = /^script\.[^\s/]+$/;

/** In which scripts can be written, of the languages of code resources. */
export const SCRIPT_LANGUAGES = ['typescript', 'python'] as const;

export const isScript = (id: string): boolean => SCRIPT.test(id);
