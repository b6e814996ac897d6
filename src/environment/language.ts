/** Imported first. A browser started under LANG=C calls its language `en-US@posix` or `C`, which `Intl` refuses; libraries hand it over as it is. */

const FALLBACK = 'en-US';

/** The tag itself where `Intl` takes it, else the part of it that can be taken, else American English. */
export function validLanguage(tag: string | undefined): string {
  for (const candidate of [tag, tag?.replace(/[@.].*$/, '').replaceAll('_', '-')]) {
    try {
      if (candidate && Intl.getCanonicalLocales(candidate).length > 0) return candidate;
    } catch {
      // It is none.
    }
  }
  return FALLBACK;
}

/** Puts valid tags in place of those that are not. */
export function mendLanguage(navigator: Pick<Navigator, 'language' | 'languages'>): void {
  const { language, languages } = navigator;
  const mended = (languages ?? []).map(validLanguage);
  const define = (name: 'language' | 'languages', value: unknown) => Object.defineProperty(navigator, name, { value, configurable: true });
  if (validLanguage(language) !== language) define('language', validLanguage(language));
  if (mended.some((tag, i) => tag !== languages[i])) define('languages', Object.freeze([...new Set(mended)]));
}

if (typeof navigator === 'object') mendLanguage(navigator);
