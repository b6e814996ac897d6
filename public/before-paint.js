/* Before the first paint, so that a dark page does not flash white. Where storage is denied, the look at it throws. */
(() => {
  let scheme = null;
  try {
    // oxlint-disable-next-line no-restricted-globals -- the modules of the page are not there yet
    scheme = localStorage.getItem('glassbox-colour-scheme');
  } catch {}
  if (scheme !== 'light' && scheme !== 'dark') scheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
})();
