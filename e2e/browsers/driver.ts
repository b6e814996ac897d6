/** What a journey needs of a browser. Finding, waiting and looking are the same everywhere and stand in `tab.ts`. */

export interface Point {
  x: number;
  y: number;
}

export interface Driver {
  /** Name and version, as the browser gives them. */
  readonly version: string;
  /** Until the document is parsed. */
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /** The value of an expression, awaited where it is a promise; it passes as JSON. */
  evaluate(expression: string): Promise<unknown>;
  click(at: Point): Promise<void>;
  /** Pressed in order, released in reverse: the last one with all before it held. */
  press(keys: readonly Key[]): Promise<void>;
  type(text: string): Promise<void>;
  /** The size of the viewport, as far as the browser's window allows. */
  resize(width: number, height: number): Promise<void>;
  /** A PNG of the viewport. */
  screenshot(): Promise<Buffer>;
  /** Errors and warnings of the console and uncaught exceptions since the last call. */
  complaints(): Promise<string[]>;
  close(): Promise<void>;
}

/** As `KeyboardEvent.key` names them, or a character. */
export type Key =
  | 'Control'
  | 'Shift'
  | 'Enter'
  | 'Escape'
  | 'Tab'
  | 'Delete'
  | 'ArrowLeft'
  | 'ArrowRight'
  | 'ArrowUp'
  | 'ArrowDown'
  | (string & {});
