// What the text log of a recording holds beside its text (docs/command-line.md, `session export --format text`).

export interface TextLogOptions {
  readonly includeStdin: boolean;
  readonly includeStdout: boolean;
  readonly includeStderr: boolean;
  readonly includeTimestamps: boolean;
  readonly includeResizeMarkers: boolean;
  readonly terminalModeMarkers: boolean;
  readonly activeAlternateScreen: boolean;
}

/** Defaults of the rstream command line (rstream WebTTY session export, options of the text log). */
export const TEXT_LOG_DEFAULTS: TextLogOptions = {
  includeStdin: false,
  includeStdout: true,
  includeStderr: true,
  includeTimestamps: false,
  includeResizeMarkers: false,
  terminalModeMarkers: true,
  activeAlternateScreen: true,
};
