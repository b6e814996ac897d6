/** Code that is fetched when first needed. Where that fails it is tried once more, and then explained: no network, a newer site, or neither. */

export class CodeMissingError extends Error {
  /** @param reload whether only a new start of the page helps */
  constructor(
    message: string,
    readonly reload: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'CodeMissingError';
  }
}

/**
 * @param load makes the `import()`
 * @throws CodeMissingError where the code does not arrive; what the code itself throws as it starts passes through
 */
export async function loadCode<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!isFetchFailure(error)) throw error;
  }
  try {
    // Browsers fetch a module that failed again; a stylesheet that failed stays in the document, without its rules.
    await mendStylesheets();
    return await load();
  } catch (error) {
    throw isFetchFailure(error) ? await explained(error) : error;
  }
}

/** What Chromium, Firefox and WebKit say of a module, and the build's own words for a stylesheet. */
const isFetchFailure = (error: unknown): boolean =>
  error instanceof Error &&
  /dynamically imported module|importing a module script failed|unable to preload|stylesheet/i.test(error.message);

/** Workers have none: what there is to say of the site is said by the page. */
const hasDocument = (): boolean => typeof document !== 'undefined';

async function explained(cause: unknown): Promise<CodeMissingError> {
  if (!hasDocument())
    return new CodeMissingError('A part of its code could not be fetched. Try again when this site answers.', false, { cause });
  let page: string;
  try {
    const response = await fetch(document.baseURI, { cache: 'no-store' });
    if (!response.ok) throw new Error(`${response.status}`, { cause });
    page = await response.text();
  } catch {
    return new CodeMissingError('Its code could not be fetched: this site does not answer. Try again when it does.', false, { cause });
  }
  const entry = document.querySelector('script[type="module"][src]')?.getAttribute('src');
  return entry && !page.includes(entry)
    ? new CodeMissingError('This site was updated after the page was opened, and the older files are gone. Reload the page.', true, {
        cause,
      })
    : new CodeMissingError('Its code could not be fetched, though the site answers. Try again, or reload the page.', true, { cause });
}

/** Puts stylesheets that failed to load into the document anew. */
async function mendStylesheets(): Promise<void> {
  if (!hasDocument()) return;
  const broken = [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')].filter(({ sheet }) => sheet === null);
  await Promise.all(
    broken.map((link) => {
      const again = link.cloneNode() as HTMLLinkElement;
      return new Promise<void>((resolve, reject) => {
        again.addEventListener('load', () => resolve());
        again.addEventListener('error', () => reject(new Error(`The stylesheet ${again.href} could not be fetched.`)));
        link.replaceWith(again);
      });
    }),
  );
}
