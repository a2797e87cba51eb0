// Settings: how the window looks, where the library is and whether it is whole, what guards it, what this program is.

import { useCallback, useEffect, useState } from 'react';
import type { Output } from '../../shared/api/contract.ts';
import type { Job, VaultStatus, VerifyReport } from '../../shared/api/shapes.ts';
import { useApi } from '../api.ts';
import { useAnswer } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { Facts } from '../ui/evidence.tsx';
import { formatBytes, formatCount, formatSome } from '../ui/format.ts';
import { FailureNotice, Notice, Progress, Skeleton } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import type { Preferences } from './preferences.ts';
import { ProtectionDialog } from './protection-dialog.tsx';
import { TrustedSigners } from './trusted-signers.tsx';
import './settings.css';

export interface SettingsProps {
  readonly preferences: Preferences;
  readonly status: VaultStatus;
  readonly info: Output<'app.info'> | null;
  readonly jobs: readonly Job[];
  readonly onLock: () => void;
}

export function Settings({ preferences, status, info, jobs, onLock }: SettingsProps): React.JSX.Element {
  return (
    <div className="settings">
      <h1>Settings</h1>
      <Appearance preferences={preferences} />
      <Library jobs={jobs} />
      <Protection status={status} onLock={onLock} />
      <TrustedSigners />
      <section aria-labelledby="settings-about">
        <h2 id="settings-about">About</h2>
        {info === null ? null : (
          <Facts
            facts={[
              ['Program', `${info.name} ${info.version}`],
              ['Terminal emulator', info.emulator],
              ['Network', 'none: this window talks to its own core only'],
            ]}
          />
        )}
      </section>
    </div>
  );
}

interface ChoiceProps<V extends string> {
  readonly legend: string;
  readonly name: string;
  readonly value: V;
  readonly options: readonly (readonly [V, string])[];
  readonly onValue: (value: V) => void;
}

function Choice<V extends string>({ legend, name, value, options, onValue }: ChoiceProps<V>): React.JSX.Element {
  return (
    <fieldset className="segments">
      <legend>{legend}</legend>
      <div>
        {options.map(([option, label]) => (
          <label key={option}>
            <input type="radio" name={name} checked={value === option} onChange={() => onValue(option)} />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Appearance({ preferences }: { readonly preferences: Preferences }): React.JSX.Element {
  const { theme, contrast, zone, singleKeys, set } = preferences;
  return (
    <section aria-labelledby="settings-looks">
      <h2 id="settings-looks">Appearance and keys</h2>
      <Choice
        legend="Theme"
        name="theme"
        value={theme}
        options={[
          ['system', 'System'],
          ['light', 'Light'],
          ['dark', 'Dark'],
        ]}
        onValue={(value) => set('theme', value)}
      />
      <Choice
        legend="Contrast"
        name="contrast"
        value={contrast}
        options={[
          ['system', 'System'],
          ['more', 'High'],
        ]}
        onValue={(value) => set('contrast', value)}
      />
      <Choice
        legend="Clocks"
        name="zone"
        value={zone}
        options={[
          ['utc', 'UTC'],
          ['local', 'Local time'],
        ]}
        onValue={(value) => set('zone', value)}
      />
      <Choice
        legend="Single-key shortcuts"
        name="single-keys"
        value={singleKeys ? 'on' : 'off'}
        options={[
          ['on', 'On'],
          ['off', 'Off'],
        ]}
        onValue={(value) => set('single-keys', value)}
      />
    </section>
  );
}

function Library({ jobs }: { readonly jobs: readonly Job[] }): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const stats = useAnswer(useCallback(() => api.call('library.stats', null), [api]));
  const [started, setStarted] = useState<string | null>(null);
  const job = jobs.find(({ id, kind }) => (started === null ? kind === 'verify' : id === started)) ?? null;
  const { again } = stats;
  useEffect(() => api.on('library', again), [api, again]);
  // A verification is entered in the custody log, whatever it finds.
  const ended = job !== null && job.state !== 'running' ? job.id : null;
  useEffect(() => {
    if (ended !== null) again();
  }, [ended, again]);
  const verify = (): void => {
    api.call('library.verify', {}).then(({ job: id }) => setStarted(id), announcer.fail);
  };
  return (
    <section aria-labelledby="settings-library">
      <h2 id="settings-library">Library</h2>
      {stats.failure === null ? null : <FailureNotice failure={stats.failure} again={stats.again} />}
      {stats.value === null ? stats.slow ? <Skeleton lines={6} /> : null : <Numbers stats={stats.value} />}
      <div className="buttons">
        <Button icon="custody" disabled={job?.state === 'running'} onClick={verify}>
          Verify the library
        </Button>
        {job?.state === 'running' ? (
          <Button onClick={() => void api.call('jobs.cancel', { job: job.id }).catch(announcer.fail)}>Cancel</Button>
        ) : null}
      </div>
      {job === null ? (
        <p className="faint">Reads every stored byte again and compares it with what was acquired.</p>
      ) : (
        <Verification job={job} />
      )}
    </section>
  );
}

function Numbers({ stats }: { readonly stats: Output<'library.stats'> }): React.JSX.Element {
  return (
    <Facts
      facts={[
        ['Folder', <Recorded key="folder" text={stats.folder} />],
        ['Sessions', `${formatCount(stats.sessions)}, ${formatSome(stats.events, 'event')}`],
        ['Size', `${formatBytes(stats.originalBytes)} acquired, ${formatBytes(stats.fileBytes)} on disk`],
        ['Discrepancies', formatCount(stats.discrepancies)],
        ['Not indexed', stats.notIndexed === 0 ? 'none' : formatSome(stats.notIndexed, 'session')],
        ['Locked', stats.locked === 0 ? 'none' : formatSome(stats.locked, 'session')],
        ['Custody log', formatSome(stats.custodyEntries, 'entry', 'entries')],
        ['Schema', String(stats.schema)],
      ]}
    />
  );
}

function Verification({ job }: { readonly job: Job }): React.JSX.Element {
  if (job.state === 'running') {
    return (
      <div className="under-way">
        <Progress share={job.total === null || job.total === 0 ? null : job.done / job.total} label="Verification" />
        <p className="soft">{job.detail === '' ? 'Verifying …' : <Recorded text={job.detail} />}</p>
      </div>
    );
  }
  if (job.state === 'cancelled') return <Notice tone="plain">The verification was cancelled.</Notice>;
  if (job.failure !== null && job.failure.kind !== 'altered') return <FailureNotice failure={job.failure} />;
  return <Report id={job.id} />;
}

function Report({ id }: { readonly id: string }): React.JSX.Element | null {
  const api = useApi();
  const { value, failure } = useAnswer(useCallback(() => api.call('jobs.report', { job: id }), [api, id]));
  if (failure !== null) return <FailureNotice failure={failure} />;
  return value === null ? null : <ReportText report={value} />;
}

function ReportText({ report }: { readonly report: VerifyReport }): React.JSX.Element {
  const read = `${formatSome(report.sessions, 'session')}, ${formatSome(report.records, 'record')} and ${formatBytes(report.bytes)} read; ${formatSome(report.custodyEntries, 'custody entry', 'custody entries')} linked.`;
  if (report.failures.length === 0) {
    return (
      <Notice tone="good">
        <p role="status">
          <strong>Unchanged.</strong> {read}
        </p>
        <p className="hash mono">{`custody head ${report.custodyHead}`}</p>
      </Notice>
    );
  }
  return (
    <div role="alert">
      <Notice tone="bad">
        <p>
          <strong>{`${formatSome(report.failures.length, 'fault')} found.`}</strong> {read}
        </p>
        <ul className="faults">
          {report.failures.map(({ subject, place, reason }, i) => (
            <li key={i}>
              <Recorded text={`${subject}${place === '' ? '' : `, ${place}`}: ${reason}`} />
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}

function Protection({ status, onLock }: Pick<SettingsProps, 'status' | 'onLock'>): React.JSX.Element {
  const [changing, setChanging] = useState(false);
  return (
    <section aria-labelledby="settings-protection">
      <h2 id="settings-protection">Protection</h2>
      <Facts
        facts={[
          ['Key guarded by', status.protection === 'passphrase' ? 'a passphrase' : 'this computer’s keychain'],
          ['Keychain', status.keychain.available ? 'available' : `not available: ${status.keychain.why}`],
        ]}
      />
      <div className="buttons">
        <Button icon="key" onClick={() => setChanging(true)}>
          Change the protection …
        </Button>
        <Button icon="lock" onClick={onLock}>
          Lock now
        </Button>
      </div>
      {changing ? <ProtectionDialog status={status} onClose={() => setChanging(false)} /> : null}
    </section>
  );
}
