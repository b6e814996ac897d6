/** Where other programs find the API of this page. */

/** Absolute URL, ending in `/api`. */
export const apiBase = (): string => new URL('api', new URL(import.meta.env.BASE_URL, document.baseURI)).href;
