// What all parts of the stand-in share: the program that runs, how far it is, and what it asked the system to do.

export interface Manifest {
  readonly name?: string;
  readonly productName?: string;
  readonly version?: string;
  readonly main?: string;
}

export interface Act {
  readonly what: string;
  readonly details: unknown;
}

export const program = {
  folder: process.cwd(),
  manifest: {} as Manifest,
  switches: new Map<string, string>(),
  /** Between `ready` and the end. */
  ready: false,
  quitting: false,
  /** True once the program has left; nothing more is started. */
  ended: false,
  sandboxed: false,
};

/** Requests to the system that the stand-in only writes down: dialogs, menus, windows to the front. Tests read them. */
export const acts: Act[] = [];

export function act(what: string, details: unknown = null): void {
  acts.push({ what, details });
}

export interface Preventable {
  defaultPrevented: boolean;
  preventDefault(): void;
}

export function preventable(): Preventable {
  return {
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true;
    },
  };
}
