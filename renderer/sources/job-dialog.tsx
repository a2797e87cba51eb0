// What a job is at, or what it brought.

import { ImportDialog } from './import-dialog.tsx';
import { SyncDialog } from './sync-dialog.tsx';

export function JobDialog(props: React.ComponentProps<typeof ImportDialog>): React.JSX.Element {
  return props.job.kind === 'sync' ? <SyncDialog {...props} /> : <ImportDialog {...props} />;
}
