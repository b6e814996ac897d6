/** A sentence of the contract, with what stands in backticks set as code. */
export function Prose({ text }: { text: string }) {
  return text
    .split(/(`[^`]+`)/)
    .map((part, index) => (part.startsWith('`') && part.length > 2 ? <code key={index}>{part.slice(1, -1)}</code> : part));
}
