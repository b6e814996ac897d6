/** JSON that a person writes: its value, or what can be said of the field that holds it. */
export function readJson(text: string): { value: unknown } | { fault: string } {
  if (text.trim() === '') return { fault: 'is required.' };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { fault: `must be JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}
