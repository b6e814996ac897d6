/** Tells when an element has another size, a frame later: what is resized within the observer's own turn is an error of the window in WebKit. */
export function followSize(element: Element, resized: () => void): () => void {
  let frame = 0;
  const observer = new ResizeObserver(() => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(resized);
  });
  observer.observe(element);
  return () => {
    observer.disconnect();
    cancelAnimationFrame(frame);
  };
}
