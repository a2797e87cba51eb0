// One source: how it is reached, how the last synchronisation ended, what may be done with its token.

import { useState } from 'react';
import type { Source, SourceTest } from '../../shared/api/source-shapes.ts';
import { useApi } from '../api.ts';
import { failureOf, type FailureText } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Facts } from '../ui/evidence.tsx';
import { formatCount, formatSome } from '../ui/format.ts';
import { FailureNotice, Notice, Skeleton } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { Instant } from '../ui/zone.tsx';
import { SignText } from './sign.tsx';
import { SourceRightsSection } from './source-rights.tsx';
import {
  ABILITIES,
  KINDS,
  PATHS,
  TOKENS,
  clockSign,
  operationText,
  pretty,
  tokenEnd,
  tokenFault,
  tokenState,
} from './source-text.ts';
import { OUTCOMES } from './sync-text.ts';

export type Tested =
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly result: SourceTest }
  | { readonly state: 'failed'; readonly error: unknown };

function testOutcome(tested: Tested | null): FailureText | 'passed' | null {
  if (tested === null || tested.state === 'running') return null;
  return tested.state === 'failed' ? failureOf(tested.error) : 'passed';
}

export interface SourceDetailProps {
  readonly source: Source;
  readonly tested: Tested | null;
  readonly onTest: () => void;
  readonly onSync: () => void;
  readonly onOptions: () => void;
  readonly onSessions: () => void;
  readonly onRemoved: () => void;
  readonly onToken: () => void;
}

export function SourceDetail(props: SourceDetailProps): React.JSX.Element {
  const { source, tested, onTest, onSync, onOptions, onSessions, onRemoved, onToken } = props;
  const api = useApi();
  const [removing, setRemoving] = useState(false);
  const [now] = useState(() => Date.now());
  const fault = tokenFault(source, testOutcome(tested), now);
  return (
    // It scrolls: the keyboard must reach it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="detail" tabIndex={0} role="region" aria-label={`Source ${source.name}`}>
      <header>
        <h2>
          <Recorded text={source.name} />
        </h2>
        <div className="buttons">
          <Button look="primary" icon="sync" title="Synchronise (Y)" onClick={onSync}>
            Sync
          </Button>
          <Button title="Synchronise with options (O)" onClick={onOptions}>
            Options …
          </Button>
          <Button icon="remove" onClick={() => setRemoving(true)}>
            Remove …
          </Button>
        </div>
      </header>
      {fault === null ? null : (
        <Notice tone="bad">
          <p>
            <strong>{fault}</strong> {'Give it a new one to go on. What was acquired stays.'}
          </p>
          <Button look="primary" icon="key" onClick={onToken}>
            Replace token …
          </Button>
        </Notice>
      )}
      <LastSync source={source} onSessions={onSessions} />
      <Access source={source} now={now} onToken={fault === null ? onToken : null} />
      <SourceRightsSection key={source.name} source={source.name} />
      <section aria-labelledby="source-health">
        <header>
          <h3 id="source-health">Health</h3>
          <Button icon="jobs" title="Test (T)" disabled={tested?.state === 'running'} onClick={onTest}>
            {tested?.state === 'running' ? 'Testing …' : tested === null ? 'Test' : 'Test again'}
          </Button>
        </header>
        <Health kind={source.kind} tested={tested} onTest={onTest} />
      </section>
      {removing ? (
        <Confirm
          title="Remove the source"
          act="Remove the source"
          onClose={() => setRemoving(false)}
          onAct={async () => {
            await api.call('sources.remove', { name: source.name });
            onRemoved();
          }}
        >
          <p>
            {'Exhibit forgets the address and the token of '}
            <strong>
              <Recorded text={source.name} />
            </strong>
            .
          </p>
          <p className="soft">
            {source.sessions === 0
              ? 'Nothing was acquired from it.'
              : `What was acquired from it stays in the library: ${formatSome(source.sessions, 'session')}.`}
          </p>
        </Confirm>
      ) : null}
    </div>
  );
}

function LastSync({ source, onSessions }: { readonly source: Source; readonly onSessions: () => void }): React.JSX.Element {
  const { lastSync, sessions } = source;
  return (
    <section aria-labelledby="source-sync">
      <header>
        <h3 id="source-sync">Synchronisation</h3>
        <Button look="quiet" icon="sessions" disabled={sessions === 0} onClick={onSessions}>
          {sessions === 0 ? 'No sessions yet' : `Show ${formatSome(sessions, 'session')}`}
        </Button>
      </header>
      {lastSync === null ? (
        <p className="soft">Nothing was fetched from this source yet.</p>
      ) : (
        <>
          <Facts
            facts={[
              [
                'Last run',
                <span key="run" className="joined">
                  <SignText sign={OUTCOMES[lastSync.outcome]} />
                  <Instant at={lastSync.at} />
                </span>,
              ],
              [
                'Sessions',
                `${formatCount(lastSync.sessions)}${lastSync.failed === 0 ? '' : `, ${formatCount(lastSync.failed)} could not be read`}`,
              ],
              ['Events', formatSome(lastSync.events, 'event')],
            ]}
          />
          {lastSync.failure === null ? null : <FailureNotice failure={lastSync.failure} />}
        </>
      )}
    </section>
  );
}

interface AccessProps {
  readonly source: Source;
  readonly now: number;
  /** Null where the page offers it already. */
  readonly onToken: (() => void) | null;
}

function Access({ source, now, onToken }: AccessProps): React.JSX.Element {
  const { kind, engine, apiUrl, paths, token, addedAt } = source;
  const own = Object.entries(paths);
  const state = tokenState(token, now);
  return (
    <section aria-labelledby="source-access">
      <header>
        <h3 id="source-access">Access</h3>
        {onToken === null ? null : (
          <Button icon="key" onClick={onToken}>
            Replace token …
          </Button>
        )}
      </header>
      <Facts
        facts={[
          ['System', KINDS[kind]],
          [
            kind === 'rstream' ? 'Engine' : 'Address',
            <span key="engine" className="mono">
              <Recorded text={engine} />
            </span>,
          ],
          kind === 'rstream'
            ? [
                'Control plane',
                apiUrl === null ? (
                  'the usual one'
                ) : (
                  <span key="api" className="mono">
                    <Recorded text={apiUrl} />
                  </span>
                ),
              ]
            : ['Paths', own.length === 0 ? 'the usual ones' : `the usual ones but for ${own.map(([name]) => name).join(', ')}`],
          [
            'Token',
            <span key="token" className="joined">
              <SignText sign={TOKENS[state]} />
              {token.expiresAt === null ? (
                token.present ? (
                  <span className="soft">says no end</span>
                ) : null
              ) : (
                <span className="soft">
                  {state === 'expired' ? 'ended ' : 'ends '}
                  <Instant at={token.expiresAt} />
                  {`, ${tokenEnd(token, now)}`}
                </span>
              )}
            </span>,
          ],
          ['Added', <Instant key="added" at={addedAt} />],
        ]}
      />
      {state === 'soon' ? <p className="soft">Get a new token before it ends, and replace this one.</p> : null}
    </section>
  );
}

interface HealthProps {
  readonly kind: Source['kind'];
  readonly tested: Tested | null;
  readonly onTest: () => void;
}

function Health({ kind, tested, onTest }: HealthProps): React.JSX.Element {
  if (tested === null)
    return (
      <p className="soft">
        {kind === 'rstream'
          ? 'The test asks the engine what this token may do, and compares its clock. It fetches no recording.'
          : 'The test asks StackShift what this token may do, compares its clock, and tries the paths of its interface, which are not public. It keeps nothing.'}
      </p>
    );
  switch (tested.state) {
    case 'running':
      return <Skeleton lines={4} />;
    case 'failed':
      return <FailureNotice failure={failureOf(tested.error)} again={onTest} />;
    case 'done':
      return <Result result={tested.result} />;
  }
}

function Result({ result }: { readonly result: SourceTest }): React.JSX.Element {
  const { identity, clockOffsetMs, abilities, capabilities, engine, paths } = result;
  return (
    <>
      <Facts
        facts={[
          [
            'Answers at',
            <span key="engine" className="mono">
              <Recorded text={engine} />
            </span>,
          ],
          [
            'Token of',
            identity === null ? (
              <span key="who" className="soft">
                {paths === null ? 'not told: the control plane was not asked, or did not answer' : 'not told by this system'}
              </span>
            ) : (
              <span key="who">
                <Recorded text={identity.name ?? identity.id} />
                {identity.role === null ? null : (
                  <span className="soft">
                    {', '}
                    <Recorded text={identity.role} />
                  </span>
                )}
              </span>
            ),
          ],
          ['Its clock', <SignText key="clock" sign={clockSign(clockOffsetMs)} />],
        ]}
      />
      <table className="abilities">
        <caption className="unseen">What this token may do</caption>
        <thead>
          <tr>
            <th scope="col">Operation</th>
            <th scope="col">Allowed</th>
            <th scope="col">Why</th>
            <th scope="col">Needs one of</th>
          </tr>
        </thead>
        <tbody>
          {abilities.map(({ operation, allowed, why, needs }) => (
            <tr key={operation}>
              <th scope="row">
                <Recorded text={operationText(operation)} />
              </th>
              <td>
                <SignText sign={ABILITIES[allowed]} />
              </td>
              <td>
                <Recorded text={why} />
              </td>
              <td className="mono needs">
                {needs.length === 0 ? (
                  <span className="faint">–</span>
                ) : (
                  needs.map((one) => (
                    <span key={one}>
                      <Recorded text={one} />
                    </span>
                  ))
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {paths === null ? null : <Paths paths={paths} />}
      <details className="metadata">
        <summary>Capabilities as received</summary>
        {/* It scrolls: the keyboard must reach it. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <pre tabIndex={0} aria-label="Capabilities as received" role="region">
          <Recorded text={pretty(capabilities)} />
        </pre>
      </details>
    </>
  );
}

/** The table of paths and what came of each: they are not public, so whoever uses them must see them. */
function Paths({ paths }: { readonly paths: NonNullable<SourceTest['paths']> }): React.JSX.Element {
  return (
    <>
      <p className="soft">
        The paths of StackShift’s terminal interface are not public. These were used; where one is wrong, add the source again
        with the right one.
      </p>
      <table className="abilities">
        <caption className="unseen">Paths of the interface</caption>
        <thead>
          <tr>
            <th scope="col">For</th>
            <th scope="col">Answers</th>
            <th scope="col">What came</th>
            <th scope="col">Path</th>
          </tr>
        </thead>
        <tbody>
          {paths.map(({ name, path, own, tried, answer }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <SignText sign={PATHS[tried]} />
              </td>
              <td>
                <Recorded text={answer} />
              </td>
              <td className="mono needs">
                <Recorded text={path} />
                {own ? <span className="faint">set for this source</span> : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
