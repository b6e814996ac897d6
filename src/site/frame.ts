/** Inside a page of another origin the workbench does not start: what is pressed there may be what that page wants pressed. */

/** A header (`frame-ancestors`) says the same where a host sends it; a page can't say it of itself. */
export function isFramedByAnotherOrigin(): boolean {
  if (window.top === window.self) return false;
  try {
    // Reading the address of a page of another origin throws.
    return typeof window.top?.location.href !== 'string';
  } catch {
    return true;
  }
}

/** In place of the workbench: what this is, and the way to it. */
export function showFrameNotice(element: HTMLElement): void {
  const notice = document.createElement('p');
  notice.style.cssText = 'margin:0;padding:1.25rem;font:15px/1.5 system-ui,sans-serif;color:CanvasText';
  const link = document.createElement('a');
  link.href = location.href;
  link.target = '_blank';
  link.rel = 'noopener';
  link.textContent = 'Open it in a tab of its own';
  notice.append('Glassbox does not run inside a page of another site. ', link, '.');
  element.replaceChildren(notice);
}
