// What a report is made of. The report shows what it is given and asks nothing else: in a redacted bundle, every title, note, command,
// transcript, playback and frame here has been made from the redacted stream already, and no rule of a redaction is here in words that
// would tell what it withholds.

import type { Annotation, CaseFields, Coverage, Exhibit } from '../../../shared/api/case-shapes.ts';
import type { Proof, Session } from '../../../shared/api/shapes.ts';

/** Text that is made when it is asked for, in pieces of any length, the same each time. */
export interface ReportText {
  readonly pieces: () => Iterable<string> | AsyncIterable<string>;
  /** Where the same text lies in the bundle, under data/: `recordings/ID/transcript.txt`; null where it does not. */
  readonly file: string | null;
}

/** The recording as asciicast version 2. */
export interface ReportPlayback extends ReportText {
  /** Bytes of the whole in UTF-8: decides, before any of it is made, whether it stands in the report. */
  readonly size: number;
}

/** A picture of a screen (electron/replay/still.ts), its text, and what certifies it. */
export interface ReportFrame {
  /** As stillOf writes it. */
  readonly svg: string;
  /** Visible rows, top first, each ended by a line feed. */
  readonly text: string;
  readonly atUs: number;
  /** Sequence number of the last event applied, or null before the first. */
  readonly seq: string | null;
  readonly cols: number;
  readonly rows: number;
  /** SHA-256 of the screen, hexadecimal; null where it was not taken. */
  readonly screen: string | null;
  /** `recordings/ID/frames/N`, under data/ and without the ending; null where the frame lies nowhere else. */
  readonly file: string | null;
}

export interface ReportFinding {
  /** `F-001`, counted in the order of the list. */
  readonly number: string;
  readonly annotation: Annotation;
  /** Null where the recording does not open or its plaintext is left out. */
  readonly frame: ReportFrame | null;
}

/** What was typed at prompts, in order. */
export interface ReportCommands {
  readonly listed: readonly { readonly atUs: number; readonly text: string }[];
  /** As many more were seen. */
  readonly more: number;
  /** Left out: what the screen never showed is mostly a password. */
  readonly unseen: number;
}

export interface ReportRecording {
  readonly session: Session;
  /** Root of the acquisition tree, hexadecimal, and the records under it. */
  readonly root: string;
  readonly records: number;
  /** Records of which only the leaf is shown. */
  readonly withheld: number;
  /** The session had no terminal: line feeds of its output begin a new line. */
  readonly piped: boolean;
  /** Files as acquired. `sha256` is null where it could give away something withheld. */
  readonly parts: readonly { readonly name: string; readonly size: number; readonly sha256: string | null }[];
  /** The words of `sessions show`. */
  readonly proof: readonly Proof[];
  readonly discrepancies: readonly { readonly kind: string; readonly message: string; readonly place: string }[];
  /** Discrepancies beyond those listed. */
  readonly moreDiscrepancies: number;
  readonly commands: ReportCommands;
  /** Null where it does not open or its plaintext is left out. */
  readonly playback: ReportPlayback | null;
  readonly transcript: ReportText | null;
  /** Stands for the recording in print where it has no finding. */
  readonly still: ReportFrame | null;
  /** Why there is no playback, in a sentence; empty where there is one. */
  readonly closed: string;
}

export interface ReportRedaction {
  /** `R-0003`. */
  readonly number: string;
  /** What is withheld, in a sentence that does not tell it: `a text`, `00:01:02.5 to 00:01:10`, `all input`. */
  readonly what: string;
  readonly reason: string;
  readonly author: string;
  /** RFC 3339. */
  readonly at: string;
  /** Null: every exhibit of the case. */
  readonly session: string | null;
  /** Records withheld by it. */
  readonly records: number;
}

export interface ReportCustody {
  readonly seq: number;
  /** RFC 3339, UTC, of this machine's clock. */
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly purpose: string;
  readonly hash: string;
}

export interface ReportInput {
  readonly tool: { readonly version: string; readonly emulator: string };
  /** RFC 3339: of the sign-off, or of the export. */
  readonly madeAt: string;
  /** Null: one recording, in no case. */
  readonly case: (CaseFields & { readonly status: 'open' | 'closed'; readonly createdAt: string }) | null;
  /** Markdown. */
  readonly notes: readonly { readonly text: string; readonly author: string; readonly at: string }[];
  /** Why the report was made, in the signer's words; may be empty. */
  readonly intent: string;
  readonly signer: { readonly name: string; readonly fingerprint: string } | null;
  /** SHA-256 of the statement that this one takes the place of. */
  readonly supersedes: string | null;
  /** The report lies in a bundle, as data/report.html: signatures, custody log and originals are beside it. */
  readonly bundle: boolean;
  /** Some of what was recorded is withheld. */
  readonly redacted: boolean;
  /** By number; those that were withdrawn are left out. */
  readonly exhibits: readonly Exhibit[];
  /** Each once, in the order of their first exhibit. */
  readonly recordings: readonly ReportRecording[];
  readonly findings: readonly ReportFinding[];
  readonly coverage: readonly Coverage[];
  readonly redactions: readonly ReportRedaction[];
  readonly custody: {
    /** By sequence; the newest ones, where there are more. */
    readonly entries: readonly ReportCustody[];
    /** Entries of the log that are not here. */
    readonly omitted: number;
    readonly head: { readonly seq: number; readonly hash: string } | null;
  };
}
