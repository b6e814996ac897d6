/** Words of files, templates and patches in what is said of them: as long as a person reads, with the length of what was left out. */

/** At most so many characters and a few words more. */
export function boundedText(text: string, most: number): string {
  if (text.length <= most) return text;
  // Half a surrogate pair is no text.
  const end = text.charCodeAt(most - 1) >= 0xd800 && text.charCodeAt(most - 1) < 0xdc00 ? most - 1 : most;
  return `${text.slice(0, end)}… (cut: ${text.length - end} more characters)`;
}
