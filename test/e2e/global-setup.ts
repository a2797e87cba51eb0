// Says once whether Electron's own binary takes part: the list reporter does not name what was left out, nor why.

import { probeElectron } from '../../build/electron-probe.ts';

export default function setup(): void {
  const probe = probeElectron();
  process.stdout.write(
    probe.found
      ? `The desktop specs run on Electron ${probe.version} and on its stand-in.\n`
      : `The desktop specs run on Electron's stand-in only: ${probe.why}.\n`,
  );
}
