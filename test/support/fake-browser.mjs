#!/usr/bin/env node
// A browser for tests of the loopback shell's window: reads the file that it was given, connects as the page would, reports, waits, ends.
// FAKE_BROWSER names a folder: `report.json` is what it saw, it ends when `close` appears there. FAKE_BROWSER_FAIL ends it at once.

import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

if (process.env.FAKE_BROWSER_FAIL !== undefined) {
  process.stderr.write('first line\ncannot open display\n');
  process.exit(1);
}

const folder = process.env.FAKE_BROWSER;
const value = (name) =>
  process.argv
    .slice(2)
    .find((word) => word.startsWith(`--${name}=`))
    .slice(name.length + 3);
const file = fileURLToPath(value('app'));
const link = /location\.replace\("([^"]+)"\)/.exec(readFileSync(file, 'utf8'))[1];
const { host, hash } = new URL(link);
const report = {
  args: process.argv.slice(2),
  commandLine: existsSync('/proc/self/cmdline') ? readFileSync('/proc/self/cmdline', 'utf8') : '',
  token: hash.slice(3),
  mode: statSync(file).mode & 0o777,
  folderMode: statSync(join(file, '..')).mode & 0o777,
  file,
};
writeFileSync(`${folder}/report.tmp`, JSON.stringify(report));

// Node's own WebSocket sends no Origin; `ws` does as it is told.
const { WebSocket } = await import('ws');
const socket = new WebSocket(`ws://${host}/api`, ['exhibit.v1', `exhibit.token.${report.token}`], { origin: `http://${host}` });
socket.on('open', () => renameSync(`${folder}/report.tmp`, `${folder}/report.json`));
setInterval(() => {
  if (existsSync(`${folder}/close`)) process.exit(0);
}, 20);
