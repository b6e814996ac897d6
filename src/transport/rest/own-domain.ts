/**
 * Stands in for `tldts` in the build. MSW's cookie jar asks it for the registrable domain of a host, by a copy of the public suffix
 * list that is a third of the page's script. All requests here go to the site itself and none sets a cookie.
 */
export const getDomain = (host: string): string => host;
