// The public face of an xterm.js terminal, as far as this room uses it. `Terminal` of @xterm/headless and of @xterm/xterm both
// have it. What the public face cannot do is in internals.ts.

/** Columns of characters, as xterm.js asks for them. */
export interface UnicodeProvider {
  readonly version: string;
  wcwidth(code: number): 0 | 1 | 2;
  charProperties(code: number, preceding: number): number;
}

export interface TerminalLike {
  readonly cols: number;
  readonly rows: number;
  readonly options: {
    scrollback?: number;
    disableStdin?: boolean;
    logLevel?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'off';
  };
  readonly unicode: { register(provider: UnicodeProvider): void; activeVersion: string };
  resize(cols: number, rows: number): void;
}
