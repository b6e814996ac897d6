/** Where the API lives below the site's base; in a file of its own, so that the page does not load the REST app. */
export const API_PREFIX = '/api';
