// What is said when long work ends that nobody watches.

import type { Job } from '../../shared/api/shapes.ts';
import type { useAnnouncer } from '../ui/toasts.tsx';
import { progressLine } from './sync-text.ts';

/** Says how long work ended, unless what is shown says it. */
export function announceEnd(
  job: Job,
  isShown: boolean,
  announcer: ReturnType<typeof useAnnouncer>,
  onShow: (id: string) => void,
): void {
  if (isShown || job.kind === 'index') return;
  if (job.state === 'failed' && job.failure !== null) announcer.fail(job.failure);
  else if (job.state === 'done' && job.kind === 'ready')
    announcer.toast({ tone: 'good', text: 'What could be made ready to be read offline is ready.' });
  else if (job.state === 'done' && job.kind === 'sync')
    announcer.toast({
      tone: (job.sync?.failed ?? 0) > 0 ? 'plain' : 'good',
      text: job.sync === undefined ? 'The synchronisation is done.' : `Synchronised: ${progressLine(job.sync)}.`,
      action: { label: 'Show the report', run: () => onShow(job.id) },
    });
  else if (job.state === 'done' && (job.kind === 'import' || job.kind === 'sample'))
    announcer.toast({
      tone: 'good',
      text: 'The import is done.',
      action: { label: 'Show what it brought', run: () => onShow(job.id) },
    });
  else if (job.state === 'done' && job.kind === 'bundle')
    announcer.toast({ tone: 'good', text: 'The bundle is made.', action: { label: 'Show it', run: () => onShow(job.id) } });
  else if (job.state === 'done' && job.kind === 'verify')
    announcer.toast({ tone: 'good', text: 'The library was verified: it is unchanged.' });
}
