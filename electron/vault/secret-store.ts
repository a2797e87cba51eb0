// Where secrets of a library lie, whichever way they are protected.

export interface SecretStore {
  get(name: string): Promise<Buffer | null>;
  /** Returns only when the secret reads back. */
  set(name: string, secret: Buffer): Promise<void>;
  delete(name: string): Promise<void>;
}
