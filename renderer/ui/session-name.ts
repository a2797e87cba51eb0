// What a recording is called wherever the window names one.

export interface NamedSession {
  readonly id: string;
  readonly title: string | null;
  readonly command?: string | null;
  readonly nativeId?: string | null;
}

/** What a person would call it: its title, its command, its source's id, its own id; never nothing that can be seen. */
export const sessionName = ({ title, command, nativeId, id }: NamedSession): string =>
  [title, command, nativeId].find((text) => text != null && text.trim() !== '') ?? id;
