// The window's icons: strokes on a 16 by 16 grid, one hand. An icon never carries meaning alone: the text beside it does, or the
// label of its button; so it is hidden from assistive technology.

const PATHS = {
  sessions: 'M2.5 3.5h11v9h-11zM5 6.5l2 1.75L5 10M8.5 10H11',
  history: 'M3.2 5.2A5.5 5.5 0 1 1 2.5 8M2.5 2.5v3h3M8 5v3l2 1.25',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.5 10.5l3 3',
  custody: 'M6.5 9.5l3-3M7.25 4.75l1.5-1.5a2.83 2.83 0 0 1 4 4l-1.5 1.5M8.75 11.25l-1.5 1.5a2.83 2.83 0 0 1-4-4l1.5-1.5',
  settings: 'M2.5 4.5h6M12.5 4.5h1M10.5 3v3M2.5 8h1M7.5 8h6M5.5 6.5v3M2.5 11.5h6M12.5 11.5h1M10.5 10v3',
  import: 'M8 2.5v7M5 7l3 3 3-3M2.5 10.5v3h11v-3',
  export: 'M8 9.5v-7M5 5l3-3 3 3M2.5 10.5v3h11v-3',
  play: 'M4.5 3v10l8-5z',
  pause: 'M5 3v10M11 3v10',
  'event-back': 'M10.5 4L6.5 8l4 4M4 4v8',
  'event-on': 'M5.5 4l4 4-4 4M12 4v8',
  'change-back': 'M8 4L4 8l4 4M12.5 4l-4 4 4 4',
  'change-on': 'M8 4l4 4-4 4M3.5 4l4 4-4 4',
  'command-back': 'M9.5 3L5 8l4.5 5M12.5 12.5h-2M3 3v10',
  'command-on': 'M6.5 3L11 8l-4.5 5M3.5 12.5h2M13 3v10',
  start: 'M4 3v10M12.5 3.5L7 8l5.5 4.5z',
  end: 'M12 3v10M3.5 3.5L9 8l-5.5 4.5z',
  idle: 'M2.5 4.5L6 8l-3.5 3.5M7 4.5L10.5 8 7 11.5M13.5 4v8',
  marker: 'M4 13.5v-11h7.5L9.5 5l2 2.5H4',
  lock: 'M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  unlock: 'M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 4.8-1',
  key: 'M5.5 6.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM7.7 7.3l5.3-5.3M10.5 4.5L12.5 6.5',
  check: 'M3 8.5l3.5 3.5L13 4.5',
  proven: 'M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5zM5 8.25l2.1 2.1L11 6',
  unproven: 'M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5zM5 8h6',
  failed: 'M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5zM5.75 5.75l4.5 4.5M10.25 5.75l-4.5 4.5',
  warning: 'M8 2.25L14.25 13.5H1.75zM8 6.5v3.25M8 11.6v.1',
  info: 'M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5zM8 7.25v3.75M8 5v.1',
  close: 'M4 4l8 8M12 4l-8 8',
  filter: 'M2.5 3.5h11L9.5 8.5v4l-3 1v-5z',
  columns: 'M2.5 3.5h11v9h-11zM6.25 3.5v9M9.75 3.5v9',
  details: 'M2.5 3.5h11v9h-11zM9.5 3.5v9',
  up: 'M4 10l4-4 4 4',
  down: 'M4 6l4 4 4-4',
  left: 'M10 4L6 8l4 4',
  right: 'M6 4l4 4-4 4',
  file: 'M4 2.5h5l3 3v8H4zM9 2.5v3h3',
  folder: 'M2.5 4h4l1.5 1.5h5.5V13h-11z',
  sample: 'M2.5 5.5h11v8h-11zM5.5 5.5V3.5h5v2M2.5 9h4.25M9.25 9h4.25M6.75 8h2.5v2.25h-2.5z',
  jobs: 'M2.5 8.5h2.5l1.75-5 2.5 9L11 8.5h2.5',
  clock: 'M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5zM8 4.5V8l2.5 1.5',
  commands: 'M3 4.5L6.5 8 3 11.5M8 12h5',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M2.5 3v10M13.5 3v10M5 8h6M6.5 6L4.5 8l2 2M9.5 6l2 2-2 2',
  keyboard: 'M1.75 4.5h12.5v7.5H1.75zM4 7h.1M6.6 7h.1M9.3 7h.1M11.9 7h.1M5 9.7h6',
  refresh: 'M13 8a5 5 0 1 1-1.5-3.5M13 2.5V5h-2.5',
  visible:
    'M1.5 8s2.4-4.25 6.5-4.25S14.5 8 14.5 8 12.1 12.25 8 12.25 1.5 8 1.5 8zM8 6.25a1.75 1.75 0 1 0 0 3.5 1.75 1.75 0 0 0 0-3.5z',
  hidden:
    'M2.5 2.5l11 11M6.2 4a7 7 0 0 1 1.8-.25C12.1 3.75 14.5 8 14.5 8a11 11 0 0 1-1.9 2.4M10 12a6 6 0 0 1-2 .25C3.9 12.25 1.5 8 1.5 8a11 11 0 0 1 2.3-2.8',
  printed: 'M3 3.5h10M3 6.5h10M3 9.5h7M3 12.5h5',
  sources: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.1M5 11h.1M8 5h3.5M8 11h3.5',
  device: 'M3.5 3h9v7h-9zM1.5 12.75h13',
  sync: 'M13 6.5A5.25 5.25 0 0 0 3.4 5.2M3 9.5a5.25 5.25 0 0 0 9.6 1.3M3 2.5v3h3M13 13.5v-3h-3',
  group: 'M2.5 4h7M5 8h8.5M3.5 12h6M11.5 12h2',
  remove: 'M3 4.5h10M6 4.5v-2h4v2M4.5 4.5l.6 9h5.8l.6-9M6.75 7v4M9.25 7v4',
  unknown:
    'M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5zM6.25 6.25a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.85.6-.85 1.15M8 11.3v.1',
  ungranted: 'M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5M6.5 9.25l3 2.5M9.5 9.25l-3 2.5',
  revoked: 'M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5zM3.6 3.6l8.8 8.8',
  bytes: 'M3 3.5h2.5v9H3zM8 3.5h2.5M9.25 3.5v9M8 12.5h2.5M13 3.5v9M12 4.5l1-1',
  'frame-back': 'M11 4L7 8l4 4zM4.5 4v8',
  'frame-on': 'M5 4l4 4-4 4zM11.5 4v8',
  live: 'M8 6.25a1.75 1.75 0 1 0 0 3.5 1.75 1.75 0 0 0 0-3.5zM4.5 4.5a5 5 0 0 0 0 7M11.5 4.5a5 5 0 0 1 0 7M2.5 2.75a7.5 7.5 0 0 0 0 10.5M13.5 2.75a7.5 7.5 0 0 1 0 10.5',
  note: 'M3 2.5h7l3 3v8H3zM5.5 6.5h5M5.5 9h5M5.5 11.5h3',
  case: 'M2.5 4h4l1.5 1.5h5.5V13h-11zM5 8.5h6M5 10.5h4',
  redact: 'M2.5 3.5h4M9 3.5h4.5M2.5 6.25h11v3.5h-11zM2.5 12.5h6',
  bundle: 'M2.5 5l5.5-2.5L13.5 5v6L8 13.5 2.5 11zM2.5 5L8 7.5 13.5 5M8 7.5v6',
  region: 'M2.5 5v-2.5H5M11 2.5h2.5V5M13.5 11v2.5H11M5 13.5H2.5V11',
  retention: 'M4 2.5h8M4 13.5h8M5 2.5v2.25L8 8l-3 3.25v2.25M11 2.5v2.25L8 8l3 3.25v2.25',
  hold: 'M8 2.5v11M5 13.5h6M2.5 4.5h11M3.5 4.5l-2 4.5h4zM12.5 4.5l-2 4.5h4z',
  gone: 'M2.5 3h11v4h-11zM2.5 13v-4h5M5 5h.1M8 5h3.5M10 9.75l3.25 3.25M13.25 9.75L10 13',
  purged: 'M4 2.5h5l3 3v8H4zM9 2.5v3h3M6.25 8l3.5 3.5M9.75 8l-3.5 3.5',
  offline: 'M2.5 6.5a8 8 0 0 1 4-2.1M10 4.5a8 8 0 0 1 3.5 2M4.75 9a5 5 0 0 1 3-1.4M6.75 11.4a2 2 0 0 1 2.5 0M3 2.5l10.5 11',
  certificate: 'M3 2.5h10v8H8.5M3 2.5v8h1.5M5.5 5h5M5.5 7.5h2M6.5 9a2 2 0 1 0 0 4 2 2 0 0 0 0-4z',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }): React.JSX.Element {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
