// Errors as people meet them: what failed, why, what to do. The kind is given once, where the failure is known; the line of
// the command line, the panel of the window and the exit code all follow from it.

export const ERROR_KINDS = [
  'usage', // the request itself makes no sense
  'not-found', // no such session, case, job, or file
  'refused', // the input is not a recording, or a rule forbids the act
  'locked', // the library is locked
  'absent', // there is no library here yet
  'in-use', // another Exhibit has this library open
  'keychain', // the OS keychain is missing, locked or does not answer
  'passphrase', // wrong passphrase, or none given
  'schema', // the library was written by a newer Exhibit
  'damaged', // stored bytes do not verify
  'no-key', // no key on this machine opens it
  'permission', // the source's rights do not allow it
  'disk', // disk full, read-only folder, input or output error
  'network', // a source does not answer, or not as it should
  'cancelled', // the user ended it
  'altered', // a verification failed: evidence is not what it was
  'signer', // intact, but signed by nobody that is trusted
  'bug', // anything else: ours
] as const;

export type ErrorKind = (typeof ERROR_KINDS)[number];

export interface Failure {
  readonly kind: ErrorKind;
  /** What failed: `import of server.cast`. No full stop. */
  readonly what: string;
  /** Why: `line 1 is not a header`. */
  readonly why: string;
  /** What to do about it, or empty where there is nothing to do. */
  readonly todo: string;
}

/** The one error class that crosses room and process borders. Its message never holds key material or recorded text. */
export class ExhibitError extends Error implements Failure {
  override readonly name = 'ExhibitError';
  readonly kind: ErrorKind;
  readonly what: string;
  readonly why: string;
  readonly todo: string;

  constructor(kind: ErrorKind, what: string, why: string, todo = '', options?: { cause?: unknown }) {
    super(`${what}: ${why}${todo === '' ? '' : `; ${todo}`}`, options);
    this.kind = kind;
    this.what = what;
    this.why = why;
    this.todo = todo;
  }

  get failure(): Failure {
    return { kind: this.kind, what: this.what, why: this.why, todo: this.todo };
  }
}

/** What a system (errno) and SQLite say where a disk is full, gone, or not to be written. */
const DISK = /^(ENOSPC|EDQUOT|EROFS|EIO|EACCES|EPERM|SQLITE_(FULL|IOERR|READONLY|CANTOPEN)(_.*)?)$/;

/** Whatever was thrown, as a failure: an unexpected error is a bug of ours and says so. */
export function asExhibitError(thrown: unknown, what: string): ExhibitError {
  if (thrown instanceof ExhibitError) return thrown;
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof Error && 'code' in thrown && DISK.test(String(thrown.code)))
    return new ExhibitError('disk', what, why, 'check the space and the permissions there, and try again', { cause: thrown });
  return new ExhibitError('bug', what, why, 'this is a fault in Exhibit: please report it', { cause: thrown });
}

/** Exit codes of the command line (docs/command-line.md). */
export function exitCode(kind: ErrorKind): 1 | 2 | 3 | 4 {
  switch (kind) {
    case 'usage':
      return 2;
    case 'altered':
      return 3;
    case 'signer':
      return 4;
    case 'not-found':
    case 'refused':
    case 'locked':
    case 'absent':
    case 'in-use':
    case 'keychain':
    case 'passphrase':
    case 'schema':
    case 'damaged':
    case 'no-key':
    case 'permission':
    case 'disk':
    case 'network':
    case 'cancelled':
    case 'bug':
      return 1;
  }
}
