// What a watchlist found, by indicator and session, as one list for the keyboard: Enter opens the moment, left and right go by heading.

import { useCallback, useEffect, useMemo, useState } from 'react';
import type { SearchHit } from '../../shared/api/search-shapes.ts';
import type { WatchReport as Report, Watchlist } from '../../shared/api/watch-shapes.ts';
import { useApi } from '../api.ts';
import { failureOf, type FailureText } from '../ui/answer.ts';
import { Button } from '../ui/button.tsx';
import { formatCount, formatSome } from '../ui/format.ts';
import { Empty, FailureNotice, Skeleton } from '../ui/notice.tsx';
import { Recorded, RecordedLine } from '../ui/recorded.tsx';
import { VirtualList } from '../ui/virtual-list.tsx';
import { Hit, NotSearched } from './hit-list.tsx';
import { useSessionInfos } from './session-infos.ts';
import { reportRows, type ReportRow } from './watch-text.ts';

/** Pairs of indicator and session fetched at a time. */
const PAGE = 100;

const HEIGHTS: Readonly<Record<ReportRow['kind'], number>> = { indicator: 36, session: 28, hit: 28 };

export interface WatchReportProps {
  readonly list: Watchlist;
  /** Grows when there may be something new. */
  readonly n: number;
  readonly onOpen: (hit: SearchHit) => void;
}

export function WatchReport({ list: { name, version }, n, onOpen }: WatchReportProps): React.JSX.Element {
  const api = useApi();
  const [report, setReport] = useState<Report | null>(null);
  const [failure, setFailure] = useState<FailureText | null>(null);
  const fetchPage = useCallback(
    async (before: Report | null): Promise<Report> => {
      const page = await api.call('watch.report', { name, offset: before?.findings.length ?? 0, limit: PAGE });
      return before === null ? page : { ...page, findings: [...before.findings, ...page.findings] };
    },
    [api, name],
  );
  useEffect(() => {
    let current = true;
    setFailure(null);
    fetchPage(null).then(
      (page) => {
        if (current) setReport(page);
      },
      (error: unknown) => {
        if (current) setFailure(failureOf(error));
      },
    );
    return () => {
      current = false;
    };
  }, [fetchPage, n, version]);

  const rows = useMemo(() => (report === null ? [] : reportRows(report.indicators, report.findings)), [report]);
  const ids = useMemo(() => [...new Set(report?.findings.map(({ sessionId }) => sessionId))], [report]);
  const infos = useSessionInfos(ids);
  if (failure !== null) return <FailureNotice failure={failure} />;
  if (report === null) return <Skeleton lines={6} />;
  const { findings, total, notSearched, notSearchedCount } = report;
  return (
    <div className="hits">
      <NotSearched list={notSearched} count={notSearchedCount} />
      {rows.length === 0 ? (
        <Empty icon="check" title={report.list.searched === 0 ? 'Not run over any session yet' : 'No indicator hit'} />
      ) : (
        <VirtualList
          label={`Report of ${name}`}
          className="hit-list report"
          items={rows}
          height={({ kind }) => HEIGHTS[kind]}
          rowClass={({ kind }) => kind}
          heads={({ kind }) => kind !== 'hit'}
          onChoose={(row) => {
            const hit = row.kind === 'hit' ? row.hit : row.first;
            if (hit !== null) onOpen(hit);
          }}
          row={(row) => {
            switch (row.kind) {
              case 'indicator': {
                const { name: called, text, severity, hits, sessions } = row.indicator;
                return (
                  <>
                    <span className="title cut">
                      <Recorded text={called ?? text} />
                      {called === null ? null : (
                        <span className="count mono">
                          <Recorded text={text} />
                        </span>
                      )}
                    </span>
                    <span className="meta faint">
                      {`${severity === null ? '' : `${severity}, `}${formatSome(hits, 'hit')} in ${formatSome(sessions, 'session')}`}
                    </span>
                  </>
                );
              }
              case 'session': {
                const info = infos.get(row.finding.sessionId);
                return (
                  <>
                    <RecordedLine className="title" text={info?.title ?? info?.command ?? row.finding.sessionId} />
                    <span className="meta faint">{formatSome(row.finding.total, 'hit')}</span>
                  </>
                );
              }
              case 'hit':
                return <Hit hit={row.hit} />;
            }
          }}
        />
      )}
      {findings.length < total ? (
        <Button
          onClick={() => {
            fetchPage(report).then(setReport, (error: unknown) => setFailure(failureOf(error)));
          }}
        >
          {`Show more of the ${formatCount(total - findings.length)} left`}
        </Button>
      ) : null}
    </div>
  );
}
