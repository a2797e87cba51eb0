// How an annotation looks, wherever it is met: its severity, its tags, and a card with the note, the links and every version that it had.

import { SEVERITIES, SEVERITY_WORDS, type AnnotationFilter, type Severity } from './annotation-text.ts';
import { Icon } from './icon.tsx';
import { Recorded, RecordedLine } from './recorded.tsx';
import { Instant } from './zone.tsx';
import './annotation.css';

/** Bars that rise with the severity: a sign of its own beside the colour. */
export function SeveritySign({ severity }: { readonly severity: Severity }): React.JSX.Element {
  const filled = SEVERITIES.indexOf(severity);
  return (
    <svg className={`severity-sign ${severity}`} viewBox="0 0 14 12" aria-hidden="true" focusable="false">
      {[0, 1, 2, 3].map((bar) => (
        <rect
          key={bar}
          className={bar < filled ? 'on' : ''}
          x={bar * 3.5}
          y={9 - bar * 3}
          width={2.5}
          height={3 + bar * 3}
          rx={0.75}
        />
      ))}
    </svg>
  );
}

export function SeverityBadge({ severity }: { readonly severity: Severity }): React.JSX.Element {
  return (
    <span className={`badge severity ${severity}`}>
      <SeveritySign severity={severity} />
      {SEVERITY_WORDS[severity]}
    </span>
  );
}

export function Tags({ tags }: { readonly tags: readonly string[] }): React.JSX.Element | null {
  if (tags.length === 0) return null;
  return (
    <span className="tag-list">
      {tags.map((tag) => (
        <span key={tag} className="tag">
          <Recorded text={tag} />
        </span>
      ))}
    </span>
  );
}

export interface AnnotationLineProps {
  readonly title: string;
  readonly severity: Severity;
  readonly tags: readonly string[];
  readonly retracted: boolean;
  readonly author: string;
  /** Where it stands. */
  readonly children: React.ReactNode;
}

/** An annotation in a list. */
export function AnnotationLine({ title, severity, tags, retracted, author, children }: AnnotationLineProps): React.JSX.Element {
  return (
    <>
      <SeveritySign severity={severity} />
      <span className="cut name">
        <span className="unseen">{`${SEVERITY_WORDS[severity]}: `}</span>
        <Recorded text={title} />
      </span>
      <span className="about cut">
        {children}
        {retracted ? <span className="badge">retracted</span> : <Tags tags={tags.slice(0, 3)} />}
        <RecordedLine className="faint author" text={author} />
      </span>
    </>
  );
}

export interface Version {
  readonly version: number;
  readonly title: string;
  readonly note: string;
  readonly tags: readonly string[];
  readonly severity: Severity;
  readonly author: string;
  readonly at: string;
  readonly reason: string;
  readonly retracted: boolean;
}

export interface AnnotationCardProps {
  readonly annotation: {
    readonly title: string;
    readonly note: string;
    readonly tags: readonly string[];
    readonly severity: Severity;
    readonly author: string;
    readonly createdAt: string;
    readonly retracted: boolean;
    /** Fingerprint of the key that signed the file it came in; null for one made here. */
    readonly from: string | null;
    readonly versions: readonly Version[];
  };
  /** What it points at, in words. */
  readonly where: React.ReactNode;
  /** A note as it is read. */
  readonly rendered: (note: string) => React.ReactNode;
  readonly links: readonly { readonly id: string; readonly title: string }[];
  readonly onLink: (id: string) => void;
  readonly actions: React.ReactNode;
}

export function AnnotationCard(props: AnnotationCardProps): React.JSX.Element {
  const { annotation, where, rendered, links, onLink, actions } = props;
  const { title, note, tags, severity, author, createdAt, retracted, from, versions } = annotation;
  return (
    <article className={`annotation-card ${retracted ? 'retracted' : ''}`} aria-label={`Annotation: ${title}`}>
      <header>
        <h2>
          <Recorded text={title} />
        </h2>
        <p className="line">
          <SeverityBadge severity={severity} />
          <Tags tags={tags} />
        </p>
        <p className="line soft">{where}</p>
        <p className="faint">
          <Recorded text={author} />
          {', '}
          <Instant at={createdAt} />
        </p>
      </header>
      {retracted ? (
        <p className="badge caution retracted-badge">
          <Icon name="revoked" />
          {`Retracted: ${versions.at(-1)?.reason ?? ''}`}
        </p>
      ) : null}
      {from === null ? null : (
        <p className="soft signed">
          <Icon name="key" />
          <span>
            {'Merged from a signed file. Key '}
            <span className="mono">{from}</span>
          </span>
        </p>
      )}
      {note.trim() === '' ? <p className="faint">No note.</p> : rendered(note)}
      {links.length === 0 ? null : (
        <section>
          <h3>Linked to</h3>
          <ul className="links">
            {links.map(({ id, title: name }) => (
              <li key={id}>
                <button type="button" className="link" onClick={() => onLink(id)}>
                  <Recorded text={name} />
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <div className="buttons">{actions}</div>
      {versions.length < 2 ? null : <Versions versions={versions} rendered={rendered} />}
    </article>
  );
}

function Versions({
  versions,
  rendered,
}: {
  readonly versions: readonly Version[];
  readonly rendered: (note: string) => React.ReactNode;
}): React.JSX.Element {
  return (
    <details className="versions">
      <summary>{`${String(versions.length)} versions`}</summary>
      <ol reversed>
        {versions.toReversed().map((one) => (
          <li key={one.version}>
            <p className="soft">
              <Recorded text={one.author} />
              {', '}
              <Instant at={one.at} />
            </p>
            <p>
              {one.version === 1 ? 'Written' : one.retracted ? 'Retracted' : 'Changed'}
              {one.reason === '' ? null : (
                <>
                  {': '}
                  <Recorded text={one.reason} />
                </>
              )}
            </p>
            <details>
              <summary>As it read</summary>
              <p>
                <strong>
                  <Recorded text={one.title} />
                </strong>
              </p>
              <p className="line">
                <SeverityBadge severity={one.severity} />
                <Tags tags={one.tags} />
              </p>
              {rendered(one.note)}
            </details>
          </li>
        ))}
      </ol>
    </details>
  );
}

export interface FilterBarProps {
  readonly filter: AnnotationFilter;
  readonly onFilter: (filter: AnnotationFilter) => void;
  readonly tags: readonly string[];
  readonly inputRef?: React.Ref<HTMLInputElement>;
  readonly children?: React.ReactNode;
}

/** Words, least severity and tag; `children` are further fields. */
export function AnnotationFilterBar({ filter, onFilter, tags, inputRef, children }: FilterBarProps): React.JSX.Element {
  return (
    <div className="annotation-filter" role="search" aria-label="Filter annotations">
      <span className="field">
        <Icon name="filter" />
        <input
          ref={inputRef}
          type="search"
          aria-label="Words"
          placeholder="Words"
          autoComplete="off"
          spellCheck={false}
          value={filter.text}
          onChange={(event) => onFilter({ ...filter, text: event.target.value })}
        />
      </span>
      <select
        className="field"
        aria-label="Least severity"
        value={filter.severity}
        onChange={(event) => onFilter({ ...filter, severity: event.target.value as Severity | '' })}
      >
        <option value="">Every severity</option>
        {SEVERITIES.slice(1).map((severity) => (
          <option key={severity} value={severity}>
            {`${SEVERITY_WORDS[severity]}${severity === 'critical' ? '' : ' and up'}`}
          </option>
        ))}
      </select>
      <select
        className="field"
        aria-label="Tag"
        value={filter.tag}
        onChange={(event) => onFilter({ ...filter, tag: event.target.value })}
      >
        <option value="">Every tag</option>
        {tags.map((tag) => (
          <option key={tag} value={tag}>
            {tag}
          </option>
        ))}
      </select>
      {children}
    </div>
  );
}
