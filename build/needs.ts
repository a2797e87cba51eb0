// What the tests need beyond npm packages: a browser of the Chromium family, a Secret Service to keep keys in, asciinema to read exports with, a
// font for pictures. On Debian as root they are installed when missing; elsewhere they are named, with the command that installs them.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Outcome, Step } from './steps.ts';

interface Need {
  readonly what: string;
  readonly debian: readonly string[];
  readonly brew: string;
  readonly linuxOnly: boolean;
  readonly isThere: () => boolean;
}

const succeeds = (program: string, args: readonly string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;

const isOnPath = (...names: readonly string[]): boolean => names.every((name) => succeeds('sh', ['-c', `command -v ${name}`]));

/** Asks the product, which knows where browsers are. */
const FIND_BROWSER = `import { findBrowser } from './electron/shells/loopback/browser.ts'; process.exit(findBrowser() === null ? 1 : 0);`;

const NEEDS: readonly Need[] = [
  {
    what: 'a browser (Chromium, Chrome or Edge)',
    debian: ['chromium'],
    brew: 'install --cask google-chrome',
    linuxOnly: false,
    isThere: () => succeeds(process.execPath, ['--input-type=module', '--eval', FIND_BROWSER]),
  },
  {
    what: 'D-Bus',
    debian: ['dbus'],
    brew: '',
    linuxOnly: true,
    isThere: () => isOnPath('dbus-run-session', 'dbus-send'),
  },
  {
    what: 'a Secret Service (GNOME keyring)',
    debian: ['gnome-keyring'],
    brew: '',
    linuxOnly: true,
    isThere: () => isOnPath('gnome-keyring-daemon'),
  },
  {
    what: 'asciinema',
    debian: ['asciinema'],
    brew: 'install asciinema',
    linuxOnly: false,
    isThere: () => process.platform === 'win32' || isOnPath('asciinema'),
  },
  {
    what: 'the DejaVu fonts',
    debian: ['fonts-dejavu-core'],
    brew: '',
    linuxOnly: true,
    isThere: () => succeeds('sh', ['-c', 'fc-list | grep -q DejaVuSansMono']) || existsSync('/usr/share/fonts/truetype/dejavu'),
  },
];

const missing = (): Need[] =>
  NEEDS.filter(({ linuxOnly, isThere }) => (process.platform === 'linux' || !linuxOnly) && !isThere());

const packagesOf = (needs: readonly Need[]): string[] => needs.flatMap(({ debian }) => debian);

/** Installs Debian packages; returns what apt-get said. */
function install(packages: readonly string[]): string {
  process.stdout.write(`Installing ${packages.join(', ')} (apt-get) ...\n`);
  const apt = (...args: readonly string[]): string => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const { stdout, stderr } = spawnSync('apt-get', ['-qq', ...args], { env, encoding: 'utf8' });
    return `${stdout}${stderr}`;
  };
  return apt('update') + apt('install', '-y', '--no-install-recommends', ...packages);
}

function howToInstall(needs: readonly Need[]): string {
  if (existsSync('/etc/debian_version')) return `sudo apt-get install ${packagesOf(needs).join(' ')}`;
  if (process.platform === 'darwin') return needs.map(({ brew }) => `brew ${brew}`).join('; ');
  return `install ${needs.map(({ what }) => what).join(', ')} with this system's package manager`;
}

async function provide(): Promise<Outcome> {
  const needed = missing();
  const canInstall = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  const said = needed.length > 0 && canInstall ? install(packagesOf(needed)) : '';
  const left = missing();
  if (left.length === 0) return { ok: true, detail: '', output: '' };
  const names = left.map(({ what }) => what).join(', ');
  return { ok: false, detail: `missing: ${names}`, output: `${said}To install what is missing: ${howToInstall(left)}` };
}

export const needs: Step = { name: 'needs', run: provide };
