// The window: the door while the library is closed, else the frame with one of its parts. The only file that knows all parts: what
// leads from one to another is here.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { Api, Output } from '../shared/api/contract.ts';
import type { Group, Job, Session, VaultStatus } from '../shared/api/shapes.ts';
import { ApiProvider } from './api.ts';
import { CaseDialogs, type CaseAsked } from './cases/case-dialogs.tsx';
import { CasePage } from './cases/case-page.tsx';
import { Cases } from './cases/cases.tsx';
import { CustodyBanner } from './cases/custody-banner.tsx';
import { Custody } from './cases/custody.tsx';
import { History } from './history/history.tsx';
import { OWN_NEWS, PLACES, WITHIN, titleOf, type Route } from './places.ts';
import { GroupPage } from './player/group/group-page.tsx';
import { Player } from './player/player.tsx';
import { Search, type Query } from './search/search.tsx';
import { useTrail } from './search/use-trail.ts';
import { Retention, type RetentionTab } from './retention/retention.tsx';
import { useRetentionDesk } from './retention/retention-desk.tsx';
import { useConfirmedNow } from './retention/use-retention.ts';
import { ExportDialog } from './sessions/export-dialog.tsx';
import { GroupExportDialog } from './sessions/group-export-dialog.tsx';
import { Groups } from './sessions/groups.tsx';
import { useKnownValues } from './sessions/known-values.ts';
import { Sessions } from './sessions/sessions.tsx';
import { Door, autoUnlock } from './settings/door.tsx';
import { usePreferences, useTheme, type Preferences } from './settings/preferences.ts';
import { Settings } from './settings/settings.tsx';
import { Sources, type SourcesTab } from './sources/sources.tsx';
import { FirstSteps, ImportMenu, ImportingProvider } from './sources/importing.tsx';
import { JobDialog } from './sources/job-dialog.tsx';
import { announceEnd } from './sources/job-news.ts';
import { JobsMenu } from './sources/jobs-menu.tsx';
import { supply } from './sources/supply.ts';
import { useJobs } from './sources/use-jobs.ts';
import { Actions, useActions } from './ui/actions.tsx';
import { failureOf, type FailureText } from './ui/answer.ts';
import { Button, IconButton } from './ui/button.tsx';
import { CommandPalette } from './ui/command-palette.tsx';
import { ErrorBoundary } from './ui/error-boundary.tsx';
import { withField, type FieldName } from './ui/filter-text.ts';
import { zoneName } from './ui/format.ts';
import { Frame, useArrival } from './ui/frame.tsx';
import type { LockStep } from './ui/lock.tsx';
import { NotConnected } from './ui/not-connected.tsx';
import { Part } from './ui/part.tsx';
import { useRoutes } from './ui/routes.ts';
import { ShortcutSheet } from './ui/shortcut-sheet.tsx';
import { Toasts, useAnnouncer } from './ui/toasts.tsx';
import { NowProvider } from './ui/retention-mark.tsx';
import { TopSearch } from './ui/top-search.tsx';
import { ZoneProvider } from './ui/zone.tsx';

export interface AppProps {
  readonly api: Api;
  readonly lost: Promise<string>;
}

export function App({ api, lost }: AppProps): React.JSX.Element {
  const [gone, setGone] = useState<string | null>(null);
  useEffect(() => void lost.then(setGone), [lost]);
  if (gone !== null) return <NotConnected why={gone} />;
  return (
    <ErrorBoundary>
      <ApiProvider value={api}>
        <Toasts>
          <House api={api} />
        </Toasts>
      </ApiProvider>
    </ErrorBoundary>
  );
}

function House({ api }: Pick<AppProps, 'api'>): React.JSX.Element {
  const announcer = useAnnouncer();
  const [status, setStatus] = useState<VaultStatus | null>(null);
  const [failure, setFailure] = useState<FailureText | null>(null);
  const unlocked = status?.state === 'unlocked';
  const preferences = usePreferences(api, unlocked, announcer.fail);
  useTheme(preferences);
  const ask = useCallback(() => {
    setFailure(null);
    api.call('vault.status', null).then(setStatus, (error: unknown) => setFailure(failureOf(error)));
  }, [api]);
  useEffect(() => {
    ask();
    return api.on('vault', setStatus);
  }, [api, ask]);
  return (
    <ZoneProvider value={preferences.zone}>
      <Actions singleKeys={preferences.singleKeys}>
        {status === null || !unlocked ? (
          <Door status={status} failure={failure} onStatus={setStatus} onAgain={ask} />
        ) : (
          <Rooms api={api} status={status} onStatus={setStatus} preferences={preferences} />
        )}
      </Actions>
    </ZoneProvider>
  );
}

interface RoomsProps extends Pick<AppProps, 'api'> {
  readonly status: VaultStatus;
  readonly onStatus: (status: VaultStatus) => void;
  readonly preferences: Preferences;
}

function Rooms({ api, status, onStatus, preferences }: RoomsProps): React.JSX.Element {
  const announcer = useAnnouncer();
  const { route, canGoBack, go, replace, back, left } = useRoutes<Route>({ name: 'sessions' });
  const [info, setInfo] = useState<Output<'app.info'> | null>(null);
  const [overlay, setOverlay] = useState<'palette' | 'shortcuts' | null>(null);
  const [exporting, setExporting] = useState<readonly Session[] | null>(null);
  const [exportingGroup, setExportingGroup] = useState<{ readonly group: Group; readonly locked: number } | null>(null);
  const [caseDialog, setCaseDialog] = useState<CaseAsked | null>(null);
  const [shownJob, setShownJob] = useState<string | null>(null);
  const [asked, setAsked] = useState({ text: '', n: 0 });
  const confirmedNow = useConfirmedNow(api, announcer.fail);
  const known = useKnownValues(api, announcer.fail);
  useEffect(() => void api.call('app.info', null).then(setInfo, announcer.fail), [api, announcer]);

  /** The job about a bundle that a dialog of cases shows itself. Its end may come before the next drawing. */
  const ownBundle = useRef<string | null>(null);
  const setOwnBundle = useCallback((id: string | null) => void (ownBundle.current = id), []);
  const shown = useRef<string | null>(null);
  shown.current = shownJob;
  /** The part about sources tells of synchronisations itself, and a case of what makes it ready. */
  const at = useRef(route.name);
  at.current = route.name;
  const jobs = useJobs(
    api,
    useCallback(
      (job: Job) => {
        const seen = [shown.current, ownBundle.current].includes(job.id) || OWN_NEWS[at.current] === job.kind;
        const show = (id: string): void => (job.kind === 'bundle' ? setCaseDialog({ kind: 'made', job: id }) : setShownJob(id));
        announceEnd(job, seen, announcer, show);
      },
      [announcer],
    ),
  );
  const job = jobs.find(({ id }) => id === shownJob);

  const open = (id: string, atUs: number | null = null, find: Query | null = null): void =>
    go({ name: 'player', id, atUs, find });
  const place = (name: string): void => {
    if (route.name === name) return;
    if (name === 'retention') retention('policies');
    else go(name === 'sources' ? { name, tab } : { name: name as 'sessions' });
  };
  const [tab, setTab] = useState<SourcesTab>('sources');
  if (route.name === 'sources' && route.tab !== tab) setTab(route.tab);
  const sourcesTab = (tab: SourcesTab): void => {
    if (route.name === 'sources') replace({ name: 'sources', tab });
    else go({ name: 'sources', tab });
  };
  const retention = (tab: RetentionTab, certificate: string | null = null): void =>
    (route.name === 'retention' ? replace : go)({ name: 'retention', tab, certificate });
  const [enrol, setEnrol] = useState(0);
  /** What helps with a locked session. */
  const help = (step: LockStep): void => {
    sourcesTab(step === 'enrol' || step === 'device' ? 'device' : 'sources');
    if (step === 'enrol') setEnrol((n) => n + 1);
  };
  /** The group that was shown last: somebody who looks into one of its sessions comes back to the moment that they left. */
  const [shownGroup, setShownGroup] = useState<Pick<Group, 'id' | 'source'> | null>(null);
  if (route.name === 'group' && (shownGroup?.id !== route.id || shownGroup.source !== route.source)) setShownGroup(route);
  const group = ({ id, source }: Pick<Group, 'id' | 'source'>): void => go({ name: 'group', id, source });
  const [filterAsked, setFilterAsked] = useState({ text: '', n: 0 });
  const filter = (name: FieldName, value: string): void => {
    setFilterAsked(({ n }) => ({ text: withField('', name, value), n: n + 1 }));
    place('sessions');
  };
  /** The case that was shown last: somebody who looks into one of its exhibits comes back to where they were in it. */
  const [shownCase, setShownCase] = useState<string | null>(null);
  if (route.name === 'case' && shownCase !== route.id) setShownCase(route.id);
  const openCase = (id: string): void => go({ name: 'case', id });
  /** From a case into one of its recordings: what is written there goes into this case. */
  const openExhibit = (session: string, atUs: number): void => {
    if (shownCase !== null) preferences.set('case.current', shownCase);
    open(session, atUs);
  };
  const desk = useRetentionDesk({
    jobs,
    onHolds: () => retention('holds'),
    onCertificate: (session) => retention('purges', session),
    onExhibit: (session) => openExhibit(session, 0),
  });
  const played = route.name === 'player' ? route.id : null;
  const setTrail = useTrail(played, (id, find) => replace({ name: 'player', id, atUs: 0, find }));
  const search = (text: string): void => {
    setAsked(({ n }) => ({ text, n: n + 1 }));
    if (route.name !== 'search') go({ name: 'search' });
  };
  const showJob = ({ id, kind }: Job): void => {
    if (kind === 'verify') place('settings');
    else if (kind === 'bundle') setCaseDialog({ kind: 'made', job: id });
    else setShownJob(id);
  };
  const lock = (): void => {
    autoUnlock.allowed = false;
    api.call('vault.lock', null).catch(announcer.fail);
  };
  const toggleZone = (): void => preferences.set('zone', preferences.zone === 'utc' ? 'local' : 'utc');
  const [startedUs] = useState(() => Date.now() * 1000);
  const zone = zoneName(startedUs, preferences.zone);

  useArrival(route, `${titleOf(route)} · Exhibit`);

  useActions([
    ...PLACES.map(({ name, label, keys }) => ({
      id: `go.${name}`,
      group: 'Window',
      label: `Go to ${label}`,
      keys: [keys],
      run: () => place(name),
    })),
    {
      id: 'bundle.verify',
      group: 'Window',
      label: 'Verify a bundle …',
      run: () => setCaseDialog({ kind: 'verify', file: null }),
    },
    { id: 'go.groups', group: 'Window', label: 'Go to session groups', run: () => place('groups') },
    { id: 'go.device', group: 'Window', label: 'Go to the keys of this device', run: () => sourcesTab('device') },
    { id: 'go.back', group: 'Window', label: 'Go back', keys: ['Escape'], enabled: canGoBack, run: back },
    {
      id: 'search.top',
      group: 'Window',
      label: 'Search every recording',
      keys: ['Mod+Shift+F', 's'],
      run: () => document.querySelector<HTMLInputElement>('#top-search')?.select(),
    },
    { id: 'palette', group: 'Window', label: 'Command palette', keys: ['Mod+K'], run: () => setOverlay('palette') },
    { id: 'shortcuts', group: 'Window', label: 'Shortcuts', keys: ['?'], run: () => setOverlay('shortcuts') },
    { id: 'zone', group: 'Window', label: 'Switch between UTC and local time', keys: ['z'], run: toggleZone },
    { id: 'lock', group: 'Window', label: 'Lock the library', keys: ['Mod+L'], run: lock },
  ]);

  return (
    <NowProvider value={confirmedNow}>
      <ImportingProvider sample={info?.sample === true} onJob={setShownJob}>
        <Frame
          places={PLACES}
          current={WITHIN[route.name]?.place ?? route.name}
          banner={<CustodyBanner status={status} onStatus={onStatus} onLook={() => place('custody')} />}
          onPlace={place}
          top={
            <>
              <div className="title">
                {canGoBack ? <IconButton icon="left" label="Back" keys="Escape" onClick={back} /> : null}
                <span className="cut">{titleOf(route)}</span>
              </div>
              <TopSearch onSearch={search} />
              <div className="right">
                <JobsMenu jobs={jobs} onShow={showJob} />
                <Button
                  look="quiet"
                  icon="clock"
                  title="Switch between UTC and local time (Z)"
                  aria-label={`Clocks show ${zone}`}
                  onClick={toggleZone}
                >
                  {zone}
                </Button>
                <IconButton icon="unlock" label="Lock the library" keys="Mod+L" onClick={lock} />
                <IconButton icon="keyboard" label="Shortcuts" keys="?" onClick={() => setOverlay('shortcuts')} />
              </div>
            </>
          }
        >
          <Part shown={route.name === 'sessions'}>
            <Sessions
              onOpen={(id) => open(id)}
              onExport={setExporting}
              onAddToCase={(sessions) => setCaseDialog({ kind: 'add', sessions })}
              onGroup={group}
              onGroups={() => place('groups')}
              onHelp={help}
              {...desk.sessions}
              asked={filterAsked}
              importing={<ImportMenu />}
              firstSteps={<FirstSteps />}
              known={known}
              settings={preferences.all}
              onSetting={preferences.set}
            />
          </Part>
          <Part shown={route.name === 'history'}>
            <History
              now={confirmedNow}
              onOpen={(id, atUs) => open(id, atUs)}
              onHelp={help}
              {...desk.history}
              onSources={() => place('sources')}
              settings={preferences.all}
              onSetting={preferences.set}
            />
          </Part>
          <Part shown={route.name === 'search'}>
            <Search
              asked={asked}
              onOpen={(hit, query, sessions) => {
                setTrail({ query, sessions });
                open(hit.sessionId, hit.fromUs, query);
              }}
            />
          </Part>
          <Part shown={route.name === 'sources'}>
            <Sources
              tab={tab}
              onTab={sourcesTab}
              jobs={jobs}
              enrol={enrol}
              onShowJob={showJob}
              onSessions={(source) => filter('source', source)}
            />
          </Part>
          {shownCase === null ? null : (
            <Part key={shownCase} shown={route.name === 'case'}>
              <CasePage
                id={shownCase}
                jobs={jobs}
                onOpen={openExhibit}
                onAdd={() => {
                  preferences.set('case.current', shownCase);
                  place('sessions');
                }}
                onList={(number) => filter('case', number)}
                onBundle={setOwnBundle}
                {...desk.cases}
              />
            </Part>
          )}
          {shownGroup === null ? null : (
            <Part key={`${shownGroup.source} ${shownGroup.id}`} shown={route.name === 'group'}>
              <GroupPage
                id={shownGroup.id}
                source={shownGroup.source}
                onOpen={open}
                onExport={(one, locked) => setExportingGroup({ group: one, locked })}
                onList={(id) => filter('group', id)}
                {...desk.group}
              />
            </Part>
          )}
          {route.name === 'cases' ? (
            <ErrorBoundary>
              <Cases onOpen={openCase} onVerify={(file) => setCaseDialog({ kind: 'verify', file })} />
            </ErrorBoundary>
          ) : route.name === 'custody' ? (
            <ErrorBoundary>
              <Custody onOpen={(id) => open(id)} />
            </ErrorBoundary>
          ) : route.name === 'retention' ? (
            <ErrorBoundary>
              <Retention
                tab={route.tab}
                onTab={retention}
                certificate={route.certificate}
                onOpen={open}
                onSessions={() => place('sessions')}
              />
            </ErrorBoundary>
          ) : route.name === 'settings' ? (
            <ErrorBoundary>
              <Settings preferences={preferences} status={status} info={info} jobs={jobs} onLock={lock} />
            </ErrorBoundary>
          ) : route.name === 'groups' ? (
            <ErrorBoundary>
              <Groups onOpen={group} />
            </ErrorBoundary>
          ) : route.name === 'player' ? (
            <ErrorBoundary key={route.id}>
              <Player
                id={route.id}
                atUs={left.get(route) ?? route.atUs}
                find={route.find}
                onLeave={(atUs) => left.set(route, atUs)}
                onExport={(session) => setExporting([session])}
                onGroup={group}
                onHelp={help}
                onCertificate={(session) => retention('purges', session)}
                settings={preferences.all}
                onSetting={preferences.set}
              />
            </ErrorBoundary>
          ) : null}
        </Frame>
        {overlay === 'palette' ? <CommandPalette onClose={() => setOverlay(null)} /> : null}
        {overlay === 'shortcuts' ? <ShortcutSheet onClose={() => setOverlay(null)} /> : null}
        {exporting === null ? null : <ExportDialog sessions={exporting} onClose={() => setExporting(null)} />}
        {exportingGroup === null ? null : <GroupExportDialog {...exportingGroup} onClose={() => setExportingGroup(null)} />}
        {desk.dialog}
        {caseDialog === null ? null : (
          <CaseDialogs
            asked={caseDialog}
            supply={supply}
            onJob={setOwnBundle}
            current={preferences.all['case.current'] ?? ''}
            onCase={(id) => preferences.set('case.current', id)}
            onOpen={openCase}
            onClose={() => setCaseDialog(null)}
          />
        )}
        {job === undefined ? null : (
          <JobDialog
            job={job}
            onClose={() => setShownJob(null)}
            onOpen={(id) => {
              setShownJob(null);
              open(id);
            }}
          />
        )}
      </ImportingProvider>
    </NowProvider>
  );
}
