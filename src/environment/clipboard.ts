/** Copying a text, also where the page has no secure address and so no `navigator.clipboard`. */

/** Rejects where the browser refuses. */
export async function copyText(text: string): Promise<void> {
  const clipboard = navigator.clipboard as Clipboard | undefined;
  try {
    if (clipboard) return await clipboard.writeText(text);
  } catch {
    // Denied by a policy; the old way may still be allowed.
  }
  if (!copyBySelection(text)) throw new Error('The browser refused the clipboard.');
}

/** The way from before there was a clipboard to write to: it copies what is selected. */
function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.setAttribute('aria-hidden', 'true');
  area.style.cssText = 'position: fixed; inset: 0 auto auto 0; opacity: 0;';
  // Beside what has the focus: a dialog would take it back from anywhere else.
  (focused?.parentElement ?? document.body).append(area);
  try {
    area.select();
    return document.execCommand('copy');
  } finally {
    area.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }
}
