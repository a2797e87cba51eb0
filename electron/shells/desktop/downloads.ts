// Exports leave as downloads: Electron asks where to save them, and nothing else may be downloaded. Differs from the loopback shell in
// this only: a browser may save to its download folder without asking, as its user has set it.

import { app, dialog, type Session } from 'electron';
import { join } from 'node:path';
import { isExport } from './page-origin.ts';

export function saveDownloads(session: Session): void {
  session.on('will-download', (event, item) => {
    if (!isExport(item.getURL())) {
      event.preventDefault();
      return;
    }
    item.setSaveDialogOptions({ title: 'Save export', defaultPath: join(app.getPath('downloads'), item.getFilename()) });
    item.once('done', (_event, state) => {
      if (state !== 'interrupted') return;
      dialog.showErrorBox('The export is not whole', `${item.getFilename()} was cut off. Export it again.`);
    });
  });
}
