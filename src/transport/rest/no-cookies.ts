/**
 * Stands in for `tough-cookie` in the build. MSW keeps a cookie jar for handlers that set and read cookies, which with the public suffix
 * list that it asks for is half of the transport's script. All requests here go to the site itself, and none sets or reads a cookie.
 */
export class MemoryCookieStore {
  idx = {};
}

export class CookieJar {
  getCookiesSync(): [] {
    return [];
  }

  setCookie(): never {
    throw new Error('An answer of the API sets a cookie: there is no jar for it (transport/rest/no-cookies.ts).');
  }
}

export const Cookie = { fromJSON: () => null };
