// The house's rules on imports, as docs/architecture.md gives them: which room may lean on which, one door a room, Electron
// at the edge only, no cycles. Checked by dependency-cruiser in `npm test`. One pattern a rule: joined patterns renumber
// their back-references.

const rooms = {
  'shared/recording': [],
  'shared/evidence': [],
  'shared/query': [],
  'shared/terminal': ['shared/recording'],
  'shared/derive': ['shared/recording', 'shared/terminal', 'shared/evidence'],
  'shared/api': ['shared/recording', 'shared/query', 'shared/evidence'],
  'electron/source': ['shared'],
  'electron/library': ['shared'],
  'electron/vault': ['shared'],
  'electron/acquisition': ['shared', 'electron/source', 'electron/library'],
  'electron/replay': ['shared', 'electron/library', 'electron/vault'],
  'electron/search': ['shared', 'electron/library'],
  'electron/cases': ['shared', 'electron/library'],
  'electron/indexing': ['shared', 'electron/library', 'electron/replay'],
  'electron/export': ['shared', 'electron/library', 'electron/vault', 'electron/replay'],
  'electron/shells/cli': ['shared', 'electron/core.ts'],
  'electron/shells/page': ['shared'],
  'electron/shells/loopback': ['shared', 'electron/core.ts', 'electron/shells/page'],
  'electron/shells/desktop': ['shared', 'electron/shells/page'],
  'electron/core': ['shared', 'electron/(source|library|vault|acquisition|replay|search|cases|indexing|export)'],
  'electron/core.ts': [
    'shared',
    'electron/core',
    'electron/(source|library|vault|acquisition|replay|search|cases|indexing|export)',
  ],
  'electron/host.ts': ['shared', 'electron/core.ts'],
  'electron/main.ts': ['shared', 'electron/shells/desktop'],
  'electron/preload.ts': ['shared/api'],
  'renderer/ui': [],
  'renderer/api.ts': ['shared'],
  'renderer/screen': ['shared', 'renderer/ui'],
  'renderer/sessions': ['shared', 'renderer/ui', 'renderer/api.ts'],
  'renderer/history': ['shared', 'renderer/ui', 'renderer/api.ts'],
  'renderer/search': ['shared', 'renderer/ui', 'renderer/api.ts'],
  'renderer/cases': ['shared', 'renderer/ui', 'renderer/api.ts'],
  'renderer/sources': ['shared', 'renderer/ui', 'renderer/api.ts'],
  'renderer/retention': ['shared', 'renderer/ui', 'renderer/api.ts'],
  'renderer/settings': ['shared', 'renderer/ui', 'renderer/api.ts'],
  'renderer/player': ['shared', 'renderer/ui', 'renderer/api.ts', 'renderer/screen'],
  'renderer/report': ['shared', 'renderer/ui', 'renderer/screen', 'renderer/player'],
  'renderer/verify': ['shared'],
  'renderer/places.ts': ['shared', 'renderer'],
  'renderer/app.tsx': ['shared', 'renderer'],
  'renderer/main.tsx': ['shared', 'renderer'],
};

/** Packages that one place owns: nobody else may import them. A package of no owner may not be imported at all. */
const owners = {
  'better-sqlite3(-multiple-ciphers)?': 'electron/library',
  '@napi-rs/keyring': 'electron/vault',
  '@xterm/headless': '(electron/replay|electron/export/verify|renderer/verify)/',
  '@resvg/resvg-wasm': 'electron/replay',
  '@xterm/xterm': 'renderer/screen',
  electron: 'electron/(shells/desktop/|(main|preload|host)\\.ts$)',
  zod: 'shared/api',
  ws: 'electron/shells/loopback',
  'react|react-dom|@tanstack/react-virtual|@fontsource/[^/]+': 'renderer',
  '@noble/(curves|hashes)': 'renderer/verify',
  re2js: 'shared/query',
  yaml: 'electron/(shells/cli|source)/',
  'yauzl|tar-stream|xz-decompress|unbzip2-stream': 'electron/source',
};

const end = (room) => (/\.tsx?$/.test(room) ? '$' : '/');
const escape = (room) => room.replaceAll('.', '\\.');

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `room ${room}`,
  severity: 'error',
  comment: `${room} may import ${allowed.length === 0 ? 'nothing else' : allowed.join(', ')}`,
  from: { path: `^${escape(room)}${end(room)}` },
  to: {
    path: '^(shared|electron|renderer|build|test)/',
    pathNot: `^(${[room, ...allowed].map((name) => escape(name) + (/\.tsx?$/.test(name) ? '$' : '/')).join('|')}|shared/globals\\.d\\.ts$)`,
  },
}));

const ownerRules = Object.entries(owners).map(([pack, room]) => ({
  name: `owner of ${pack}`,
  severity: 'error',
  from: { path: '^(shared|electron|renderer)/', pathNot: `^${room}${/\$|\(/.test(room) ? '' : '/'}` },
  to: { path: `^node_modules/(${pack})/` },
}));

const PRODUCT = '^(shared|electron|renderer)/';
const IN_A_ROOM = `^(${Object.keys(rooms)
  .map((room) => escape(room) + end(room))
  .join('|')}|shared/globals\\.d\\.ts$)`;

/** The file that a room is entered by: electron/library/library.ts, electron/shells/desktop/desktop.ts. */
const DOOR = '^electron/(?:shells/)?([^/]+)/\\1\\.ts$';

module.exports = {
  forbidden: [
    ...roomRules,
    ...ownerRules,
    {
      name: 'every package has an owner',
      severity: 'error',
      from: { path: PRODUCT },
      to: { path: '^node_modules/', pathNot: `^node_modules/(${Object.keys(owners).join('|')}|@types/[^/]+)/` },
    },
    { name: 'every file has a room', severity: 'error', from: { path: PRODUCT, pathNot: IN_A_ROOM }, to: {} },
    { name: 'every file has a room', severity: 'error', from: { path: PRODUCT, pathNot: IN_A_ROOM, orphan: true }, to: {} },
    { name: 'every file has a room', severity: 'error', from: {}, to: { path: PRODUCT, pathNot: IN_A_ROOM } },
    {
      name: 'one door a room',
      severity: 'error',
      comment: 'electron/library is entered by electron/library/library.ts only',
      from: { path: '^electron/((?:shells/)?[^/]+)/' },
      to: { path: '^electron/(?:shells/)?[^/]+/', pathNot: ['^electron/$1/', DOOR] },
    },
    {
      name: 'entries use doors',
      severity: 'error',
      comment: "core.ts, host.ts and main.ts enter every room by its door; electron/core/ is core.ts's own",
      from: { path: '^electron/[^/]+\\.ts$' },
      to: { path: '^electron/(?:shells/)?[^/]+/', pathNot: ['^electron/core/', DOOR] },
    },
    {
      name: 'build imports no product code',
      severity: 'error',
      from: { path: '^build/' },
      to: { path: '^(shared|electron|renderer|test)/' },
    },
    {
      name: 'product imports no tools',
      severity: 'error',
      from: { path: PRODUCT },
      to: { path: '^(build|test)/' },
    },
    { name: 'shared needs no Node', severity: 'error', from: { path: '^(shared|renderer)/' }, to: { dependencyTypes: ['core'] } },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'nothing unresolved',
      severity: 'error',
      from: { path: '^(shared|electron|renderer|test|build)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: '^node_modules/' },
    exclude: { path: '^(dist|release|\\.tsc)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
