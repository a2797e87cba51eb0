// How evidence is told: the proof card, discrepancies with their places, facts. The same words and signs in every part of the window;
// each verdict has its own sign and its own word, never colour alone.

import { zonedSentence } from './format.ts';
import { Icon, type IconName } from './icon.tsx';
import { Recorded } from './recorded.tsx';
import { useZone } from './zone.tsx';

export interface Verdict {
  readonly property: 'content' | 'order' | 'uniqueness' | 'time' | 'completeness' | 'custody';
  readonly verdict: 'proven' | 'not-proven' | 'failed';
  readonly reason: string;
}

const WORDS: Readonly<Record<Verdict['verdict'], { readonly text: string; readonly icon: IconName }>> = {
  proven: { text: 'Proven', icon: 'proven' },
  'not-proven': { text: 'Not proven', icon: 'unproven' },
  failed: { text: 'Failed', icon: 'failed' },
};

const PROPERTIES: Readonly<Record<Verdict['property'], string>> = {
  content: 'Content',
  order: 'Order',
  uniqueness: 'Uniqueness',
  time: 'Time',
  completeness: 'Completeness',
  custody: 'Custody',
};

export const ProofCard = ({ proof }: { readonly proof: readonly Verdict[] }): React.JSX.Element => (
  <Claims claims={proof.map(({ property, verdict, reason }) => ({ name: PROPERTIES[property], verdict, reason }))} />
);

export interface Claim extends Pick<Verdict, 'verdict' | 'reason'> {
  readonly name: string;
}

/** What is proven and what is not: of a recording, or by an act that is about to be done. */
export function Claims({ claims }: { readonly claims: readonly Claim[] }): React.JSX.Element {
  const zone = useZone();
  return (
    <ul className="proof">
      {claims.map(({ name, verdict, reason }) => (
        <li key={name}>
          <span className={verdict}>
            <Icon name={WORDS[verdict].icon} />
          </span>
          <span className="name">{name}</span>
          <span className={`verdict ${verdict}`}>{WORDS[verdict].text}</span>
          <p>
            <Recorded text={zonedSentence(reason, zone)} />
          </p>
        </li>
      ))}
    </ul>
  );
}

export interface DiscrepancyText {
  readonly kind: string;
  readonly message: string;
  /** In words: `server.cast, line 6`. */
  readonly place: string;
}

export function Discrepancies({ list }: { readonly list: readonly DiscrepancyText[] }): React.JSX.Element {
  return (
    <ul className="discrepancies">
      {list.map(({ kind, message, place }, i) => (
        <li key={i}>
          <Icon name="warning" />
          <span title={kind}>
            <Recorded text={message} />
          </span>
          {place === '' ? null : (
            <span className="place">
              <Recorded text={place} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Names and values; a value of null is left out. */
export function Facts({ facts }: { readonly facts: readonly (readonly [string, React.ReactNode])[] }): React.JSX.Element {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== null)
        .map(([name, value]) => (
          <FactRow key={name} name={name} value={value} />
        ))}
    </dl>
  );
}

function FactRow({ name, value }: { readonly name: string; readonly value: React.ReactNode }): React.JSX.Element {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
