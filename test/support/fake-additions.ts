// What the fake core adds to bundles that the page holds: statements and time stamps. What begins as a ZIP is one; a response that does not
// begin as DER is none, and one of three bytes answers another request.

import type { Input, Output } from '../../shared/api/contract.ts';
import { ExhibitError } from '../../shared/api/errors.ts';

type Made = Output<'bundle.made'>;

type Calls = 'bundle.countersignOffered' | 'bundle.timeRequestOffered' | 'bundle.timeRequested' | 'bundle.timestampOffered';

interface OfferedFile {
  readonly name: string;
  readonly size: number;
}

export interface FakeAdditions {
  readonly handlers: { readonly [K in Calls]: (input: Input<K>) => Output<K> };
  /** What a job added; null where it is none of these. Throws where it failed. */
  readonly made: (job: string, bundle: Made) => Made | null;
}

const isZip = (head: Uint8Array): boolean => head[0] === 0x50 && head[1] === 0x4b;

/** As the core calls new files. */
const named = (bundle: string, statement: string, ending: string): string => {
  const base = bundle.replace(/\.zip$/, '');
  return `${base.endsWith(`-${statement}`) ? base : `${base}-${statement}`}${ending}`;
};

export function fakeAdditions(
  offered: (kind: 'bundle' | 'bundle-read', title: string, file: OfferedFile, onEnd: (head: Uint8Array) => void) => string,
  openTicket: (text: string) => string,
): FakeAdditions {
  const additions = new Map<string, Partial<Made> | ExhibitError>();
  const requests = new Map<string, Output<'bundle.timeRequested'>>();
  const added = (title: string, { name, size }: OfferedFile, addition: Partial<Made> | ExhibitError): { job: string } => {
    const job = offered('bundle', `${title} ${name}`, { name, size }, (head) => {
      const why = 'UNREADABLE: it is no ZIP file';
      additions.set(job, isZip(head) ? addition : new ExhibitError('altered', `bundle ${name}`, why, 'verifying it says more'));
    });
    return { job };
  };
  return {
    handlers: {
      'bundle.countersignOffered': ({ role, signer, ...file }) => {
        const fingerprint = 'SHA256:mE2rT0qLw9xY4vHb1sKc8fDg5jZo7uNaPi3XeRtUyWk';
        const statement = { file: `signatures/02-${role}.json`, sha256: 'b7'.repeat(32), signer, fingerprint };
        return added('countersign', file, {
          statement,
          fileName: named(file.name, `02-${role}`, '.zip'),
          bytes: file.size + 2114,
        });
      },
      'bundle.timeRequestOffered': ({ name, size, statement }) => {
        const of = statement ?? '01-producer';
        const job = offered('bundle-read', `time-stamp request for ${name}`, { name, size }, () => {
          const ticket = openTicket('0, as a request begins');
          requests.set(job, { signature: `${of}.json.sig`, ticket, fileName: named(name, of, '.tsq') });
        });
        return { job };
      },
      'bundle.timeRequested': ({ job }) => {
        const found = requests.get(job);
        if (found === undefined) throw new ExhibitError('not-found', `job ${job}`, 'it asked for no time stamp');
        return found;
      },
      'bundle.timestampOffered': ({ response, ...file }) => {
        const refused = (why: string): ExhibitError =>
          new ExhibitError('refused', 'time stamp', why, 'ask for it with the request that is made of this bundle');
        const stamped = {
          stampedAt: '2026-11-21T10:04:31Z',
          fileName: named(file.name, '01-producer', '-stamped.zip'),
          bytes: file.size + 5120,
        };
        const answer =
          response[0] !== 0x30
            ? refused('it is no time stamp: it does not begin as one')
            : response.length === 3
              ? refused('it answers another request')
              : stamped;
        return added('time stamp', file, answer);
      },
    },
    made: (job, bundle) => {
      const addition = additions.get(job);
      if (addition instanceof ExhibitError) throw addition;
      return addition === undefined ? null : { ...bundle, warnings: [], ...addition };
    },
  };
}
