// Histories as CSV: whatever the columns are called, and however awkward the text is, every field lands in its column, what has none is
// kept, and what cannot be read is refused with its line and column.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInstant } from '../../../../shared/recording/time.ts';
import { readHistory } from './history-reading.ts';

const HEAD = 'id,target,environment,mode,reason,started_at,ended_at,close_reason';
const ROW = 's-1,api,production,running,why,2026-11-21T10:00:00Z,2026-11-21T10:05:00Z,user_exit';

/** What every form below says. */
const FACTS = {
  nativeId: 's-1',
  target: 'api',
  environment: 'production',
  mode: 'running',
  reason: 'fix it',
  approval: 'approved by bob@example.org at 2026-11-21T09:59:00Z',
  initiator: 'ana@example.org',
  origin: 'dashboard',
  status: 'closed',
  startedAt: parseInstant('2026-11-21T10:00:00Z'),
  endedAt: parseInstant('2026-11-21T10:05:00Z'),
  duration: 300_000_000,
  closeReason: 'idle_timeout',
  exitStatus: 130,
};

const VALUES = [
  's-1',
  'api',
  'production',
  'running',
  'fix it',
  'approved',
  'bob@example.org',
  '2026-11-21T09:59:00Z',
  'ana@example.org',
  'dashboard',
  'closed',
  '2026-11-21T10:00:00Z',
  '2026-11-21T10:05:00Z',
  '300',
  'idle_timeout',
  '130',
];

describe('columns are known by whatever they are called', () => {
  test.each([
    [
      'snake case',
      'id,target,environment,mode,reason,approval_status,approved_by,approved_at,initiator,origin,status,started_at,ended_at,duration_seconds,close_reason,exit_code',
    ],
    [
      'titles with blanks and units',
      'Session ID,Target,Environment,Mode,Reason,Approval Status,Approved By,Approved At,Initiated By,Origin,Status,Started At (UTC),Ended At (UTC),Duration (s),Close Reason,Exit Code',
    ],
    [
      'camel case',
      'sessionId,targetName,environmentName,sessionMode,reason,approvalStatus,approvedBy,approvedAt,userEmail,origin,status,startedAt,endedAt,durationSeconds,closeReason,exitCode',
    ],
    [
      'nesting flattened with dots',
      'session.id,session.target.name,session.environment,session.mode,session.reason,approval.status,approval.approved_by,approval.approved_at,initiator.email,session.origin,session.status,session.started_at,session.ended_at,duration.seconds,close.reason,exit.code',
    ],
    [
      'other words',
      'Session,Resource,Env,Access Mode,Justification,Approval Decision,Approver,Approval Time,User,Client,State,Start Time,End Time,Elapsed,Termination Reason,Exit Status',
    ],
    [
      'capitals with prefixes',
      'SESSION_ID,SESSION_TARGET,SESSION_ENVIRONMENT,SESSION_MODE,SESSION_REASON,APPROVAL_STATE,APPROVED_BY,APPROVED_AT,SESSION_USER,SESSION_ORIGIN,SESSION_STATUS,SESSION_START,SESSION_END,DURATION,SESSION_CLOSE_REASON,SESSION_EXIT_CODE',
    ],
  ])('%s', (_, names) => {
    const { sessions, others, refusal, discrepancies } = readHistory(`${names}\n${VALUES.join(',')}\n`);
    expect({ refusal, discrepancies }).toEqual({ refusal: null, discrepancies: [] });
    expect(sessions).toHaveLength(1);
    expect(sessions[0]).toMatchObject(FACTS);
    expect(others).toEqual([{}]);
  });

  test('a column that is not known is kept by its name, a repeated one too', () => {
    const { others, discrepancies } = readHistory(`${HEAD},Widget Färbe,target\n${ROW},=1+1,second\n`);
    expect(others).toEqual([{ 'Widget Färbe': '=1+1', 'target (2)': 'second' }]);
    expect(discrepancies).toMatchObject([{ message: expect.stringContaining('more than once') as string, place: { line: 1 } }]);
  });

  test.each([';', '\t', '|'])('the separator may be %j', (separator) => {
    const { sessions } = readHistory(`${HEAD.replaceAll(',', separator)}\n${ROW.replaceAll(',', separator)}\n`);
    expect(sessions).toMatchObject([{ nativeId: 's-1', closeReason: 'user_exit' }]);
  });

  test('a spreadsheet may have named its separator', () => {
    expect(readHistory(`sep=;\r\nid;target;mode;started_at\r\ns-1;a,b;running;2026-11-21T10:00:00Z\r\n`).sessions).toMatchObject([
      { nativeId: 's-1', target: 'a,b' },
    ]);
  });
});

describe('awkward text', () => {
  test('quotes, separators and line feeds inside cells are part of them', () => {
    const reason = 'first "line"\r\nsecond, line\nthird';
    const { sessions, items } = readHistory(
      `${HEAD}\r\ns-1,"a ""b""",production,running,"${reason.replaceAll('"', '""')}",2026-11-21T10:00:00Z,,\r\n${ROW.replace('s-1', 's-2')}\r\n`,
    );
    expect(sessions).toMatchObject([{ target: 'a "b"', reason }, { nativeId: 's-2' }]);
    expect(items.map(({ line }) => line)).toEqual([2, 5]);
  });

  test.each([
    ['a byte order mark', Buffer.from(`\ufeff${HEAD}\n${ROW.replace('why', 'Grüße 🙂')}\n`)],
    ['UTF-16, little end first', Buffer.from(`\ufeff${HEAD}\n${ROW.replace('why', 'Grüße 🙂')}\n`, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\ufeff${HEAD}\n${ROW.replace('why', 'Grüße 🙂')}\n`, 'utf16le').swap16()],
  ])('%s is read', (_, bytes) => {
    for (const piece of [1, 2, 3, 7, 1000]) {
      const { sessions, refusal } = readHistory(bytes, { piece });
      expect(refusal).toBeNull();
      expect(sessions).toMatchObject([{ nativeId: 's-1', reason: 'Grüße 🙂' }]);
    }
  });

  test.each([
    ['Windows-1252', Buffer.from(`${HEAD}\n${ROW.replace('why', 'caf\u00e9')}\n`, 'latin1'), 2, 31, 'E9 is no UTF-8'],
    ['UTF-16 without a mark', Buffer.from(`${HEAD}\n${ROW}\n`, 'utf16le'), 1, 2, 'NUL'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x69, 0, 0, 0]), 1, 1, 'UTF-32'],
    ['a quote that is never closed', Buffer.from(`${HEAD}\ns-1,"api,production\n${ROW}\n`), 2, 5, 'never closed'],
    ['text behind a closing quote', Buffer.from(`${HEAD}\ns-1,"api"x,production\n`), 2, 10, 'closing quote'],
  ])('%s is refused with line and column', (_, bytes, line, column, why) => {
    for (const piece of [1, 5, 100_000]) {
      const { refusal, sessions } = readHistory(bytes, { piece });
      expect(refusal?.message).toContain(`column ${String(column)}: `);
      expect(refusal?.message).toContain(why);
      expect(refusal?.place).toEqual({ file: 'history.csv', line });
      expect(sessions).toEqual([]);
    }
  });

  test.each(['x', '"x'])('a cell that is too long is refused with its own line and column: %s', (start) => {
    const bytes = Buffer.from(`${HEAD}\n${ROW}\n"s\n2",${start}${'x'.repeat(17 * 1024 ** 2)},production\n`);
    const { refusal } = readHistory(bytes, { piece: 1024 ** 2 });
    expect(refusal?.message).toContain('column 4: a cell has more than');
    expect(refusal?.place).toEqual({ file: 'history.csv', line: 4 });
  });

  test('a row of another width is kept, and said', () => {
    const { sessions, others, discrepancies } = readHistory(`${HEAD}\n${ROW},more,still\ns-2,web\n`);
    expect(sessions).toMatchObject([{ nativeId: 's-1' }, { nativeId: 's-2', target: 'web', mode: null }]);
    expect(others[0]).toEqual({ 'column 9': 'more', 'column 10': 'still' });
    expect(discrepancies.map(({ place }) => place.line)).toEqual([2, 3]);
  });

  test('a quote inside a plain cell is part of it, and said', () => {
    const { sessions, discrepancies } = readHistory(`${HEAD}\n${ROW.replace('why', '5" disk')}\n`);
    expect(sessions).toMatchObject([{ reason: '5" disk' }]);
    expect(discrepancies).toMatchObject([{ message: expect.stringContaining('column 29') as string, place: { line: 2 } }]);
  });

  test('whatever a cell holds comes back, in pieces of any size', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', '=', ' ', 'ü', '🙂', "'"), maxLength: 12 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        (rows, piece) => {
          const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
          const lines = rows.map(
            ([target, note], i) => `s-${String(i)},${quoted(target)},2026-11-21T10:00:00Z,running,${quoted(note)}`,
          );
          const { sessions, others, refusal, discrepancies } = readHistory(
            `id,target,started_at,mode,odd one\r\n${lines.join('\r\n')}\r\n`,
            { piece },
          );
          expect({ refusal, discrepancies }).toEqual({ refusal: null, discrepancies: [] });
          expect(sessions.map(({ nativeId }) => nativeId)).toEqual(rows.map((_, i) => `s-${String(i)}`));
          expect(sessions.map(({ target }) => target)).toEqual(
            rows.map(([target]) => (target.trim() === '' ? null : target.trim())),
          );
          expect(others.map((other) => other['odd one'] ?? '')).toEqual(rows.map(([, note]) => (note.trim() === '' ? '' : note)));
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });
});

describe('values', () => {
  const one = (names: string, values: string) => readHistory(`id,target,${names}\ns-1,api,${values}\n`);

  test.each([
    ['2026-11-21T10:00:00Z', '2026-11-21T10:00:00Z'],
    ['2026-11-21 10:00:00 UTC', '2026-11-21T10:00:00Z'],
    ['2026-11-21 12:00:00 +0200', '2026-11-21T10:00:00Z'],
    ['2026-11-21T10:00:00.123456789+00:00', '2026-11-21T10:00:00.123456Z'],
    ['1795255200', '2026-11-21T10:00:00Z'],
    ['1795255200123', '2026-11-21T10:00:00.123Z'],
  ])('the moment %j is read', (text, means) => {
    const { sessions, discrepancies } = one('mode,started_at', `running,"${text}"`);
    expect(sessions[0]?.startedAt).toBe(parseInstant(means));
    expect(discrepancies).toEqual([]);
  });

  test('a moment without a zone is read as UTC, and said', () => {
    const { sessions, discrepancies } = one('mode,started_at', 'running,2026-11-21 10:00:00');
    expect(sessions[0]?.startedAt).toBe(parseInstant('2026-11-21T10:00:00Z'));
    expect(discrepancies).toMatchObject([{ message: 'started_at has no zone; it is read as UTC', place: { line: 2 } }]);
  });

  test('what is no moment stays beside, and is said', () => {
    const { sessions, others, discrepancies } = one('mode,reason,started_at', 'running,why,21st of November');
    expect(sessions).toMatchObject([{ startedAt: null, reason: 'why' }]);
    expect(others).toEqual([{ started_at: '21st of November' }]);
    expect(discrepancies).toMatchObject([{ place: { line: 2 } }]);
  });

  test.each([
    ['duration', '90', 90],
    ['duration_ms', '1500', 1.5],
    ['Duration (minutes)', '2', 120],
    ['duration', '00:01:30', 90],
    ['duration', '1:02:03.5', 3723.5],
    ['duration', '2m5s', 125],
    ['duration', 'PT1H30M', 5400],
    ['elapsed', '12.25s', 12.25],
  ])('%s %j is %d seconds', (name, text, seconds) => {
    const { sessions } = one(`mode,started_at,${name}`, `running,2026-11-21T10:00:00Z,${text}`);
    expect(sessions[0]?.duration).toBe(seconds * 1_000_000);
  });

  test.each([
    ['recording_status', 'available', 'kept'],
    ['Recording', 'No', 'none'],
    ['has_recording', 'true', 'kept'],
    ['recording.status', 'purged', 'purged'],
    ['recording_state', 'expired', 'purged'],
    ['recording_purged_at', '2026-12-01T00:00:00Z', 'purged'],
    ['recording', 'something else', 'unknown'],
  ])('%s %j says that the recording is %s', (name, text, state) => {
    expect(one(`mode,started_at,${name}`, `running,2026-11-21T10:00:00Z,${text}`).sessions[0]?.atSource).toBe(state);
  });

  test('a decision without words is told in words', () => {
    expect(one('mode,started_at,approved', 'running,2026-11-21T10:00:00Z,false').sessions[0]?.approval).toBe('not approved');
    expect(one('mode,started_at,approver', 'running,2026-11-21T10:00:00Z,bob').sessions[0]?.approval).toBe('approved by bob');
  });
});

describe('records of several kinds', () => {
  const events = [
    {
      kind: 'command',
      nativeId: 's-1',
      at: parseInstant('2026-11-21T10:01:00Z'),
      actor: 'ana',
      text: 'systemctl restart api',
      outcome: 'exit 3',
    },
    { kind: 'runbook', nativeId: 's-1', actor: 'ana', text: 'restart-db', outcome: 'succeeded' },
    { kind: 'terminal-audit', nativeId: 's-1', action: 'session.opened', text: 'session.opened' },
    { kind: 'database-audit', nativeId: 's-2', action: 'query', target: 'orders', text: 'SELECT 1;' },
  ];

  test('one table may hold all of them', () => {
    const {
      sessions,
      events: read,
      discrepancies,
    } = readHistory(
      [
        'record_type,session_id,target,mode,started_at,event_time,actor,action,command,runbook,statement,exit_code,result',
        'session,s-1,api,running,2026-11-21T10:00:00Z,,,,,,,0,',
        'command,s-1,api,,,2026-11-21T10:01:00Z,ana,,systemctl restart api,,,3,',
        'runbook,s-1,api,,,2026-11-21T10:02:00Z,ana,,,restart-db,,,succeeded',
        'terminal_audit,s-1,,,,2026-11-21T10:03:00Z,ana,session.opened,,,,,',
        'database_audit,s-2,orders,,,2026-11-21T10:04:00Z,ana,query,,,SELECT 1;,,',
        '',
      ].join('\n'),
    );
    expect(discrepancies).toEqual([]);
    expect(sessions).toMatchObject([{ nativeId: 's-1', mode: 'running', exitStatus: 0 }]);
    expect(read).toMatchObject(events);
  });

  test('sections of their own columns may follow each other, with titles or without', () => {
    for (const title of [true, false]) {
      const text = [
        ...(title ? ['# Sessions'] : []),
        'id,target,environment,mode,started_at',
        's-1,api,production,running,2026-11-21T10:00:00Z',
        '',
        ...(title ? ['Explicit command activity'] : []),
        'session_id,time,user,command,exit_code',
        's-1,2026-11-21T10:01:00Z,ana,systemctl restart api,3',
        '',
        ...(title ? ['Database audit events'] : []),
        'session_id,occurred_at,actor,action,database_name,statement',
        's-2,2026-11-21T10:04:00Z,ana,query,orders,SELECT 1;',
        '',
      ].join('\r\n');
      const { sessions, events: read } = readHistory(text);
      expect(sessions).toMatchObject([{ nativeId: 's-1', environment: 'production' }]);
      expect(read).toMatchObject([events[0], events[3]]);
    }
  });

  test('where each event stands beside the columns of its session, the session is told once', () => {
    const session = 's1,api,production,running,why,2026-11-21T10:00:00Z,2026-11-21T10:05:00Z,exit';
    const { sessions, events: read } = readHistory(
      [
        'session_id,target,environment,mode,reason,started_at,ended_at,close_reason,event_at,event_type,event_actor,event_text',
        `${session},2026-11-21T10:01:00Z,command,ana,ls -la`,
        `${session},2026-11-21T10:02:00Z,terminal_audit,eve,closed`,
        '',
      ].join('\n'),
    );
    expect(sessions).toHaveLength(1);
    expect(sessions).toMatchObject([
      { nativeId: 's1', target: 'api', mode: 'running', closeReason: 'exit', initiator: null, duration: 300_000_000 },
    ]);
    expect(read).toMatchObject([
      { kind: 'command', nativeId: 's1', actor: 'ana', text: 'ls -la' },
      { kind: 'terminal-audit', nativeId: 's1', actor: 'eve', text: 'closed' },
    ]);
  });

  test('rows in any order, without an id, and said twice are all told', () => {
    const { sessions, items } = readHistory(
      `target,user,mode,started_at\nb,ana,running,2026-11-22T10:00:00Z\na,ana,running,2026-11-21T10:00:00Z\na,ana,running,2026-11-21T10:00:00Z\n`,
    );
    expect(sessions.map(({ target, nativeId }) => [target, nativeId])).toEqual([
      ['b', null],
      ['a', null],
      ['a', null],
    ]);
    expect(items.map(({ line }) => line)).toEqual([2, 3, 4]);
  });

  test('a file of names alone holds nothing, and text without names is no history', () => {
    expect(readHistory(`${HEAD}\n`).refusal?.message).toContain('no session and no event');
    expect(readHistory('one,two\nthree,four\n').refusal?.message).toContain('no row of column names');
  });

  test('of a fault in every row only the first places are told, and how many there are', () => {
    const rows = Array.from({ length: 100 }, (_, i) => `s-${String(i)},api,running,2026-11-21 10:00`);
    const { discrepancies, sessions } = readHistory(`id,target,mode,started_at\n${rows.join('\n')}\n`);
    expect(sessions).toHaveLength(100);
    expect(discrepancies).toHaveLength(21);
    expect(discrepancies.at(-1)?.message).toMatch(/^80 more of the same/);
  });
});
