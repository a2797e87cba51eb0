// Dialogs about cases that are asked for from anywhere in the window: adding sessions to a case, verifying a bundle, what a bundle's job made.

import type { Session } from '../../shared/api/shapes.ts';
import { useAnnouncer } from '../ui/toasts.tsx';
import { AddToCase } from './add-to-case.tsx';
import { Made } from './bundle-dialog.tsx';
import type { Supply } from './offered-bundle.ts';
import { VerifyBundle } from './verify-bundle.tsx';

export type CaseAsked =
  | { readonly kind: 'add'; readonly sessions: readonly Session[] }
  /** The file that was dropped, or null where one is still to be chosen. */
  | { readonly kind: 'verify'; readonly file: File | null }
  | { readonly kind: 'made'; readonly job: string };

export interface CaseDialogsProps {
  readonly asked: CaseAsked;
  readonly supply: Supply;
  /** A job that is shown here alone was begun: its end needs no other notice. */
  readonly onJob: (job: string) => void;
  /** The case that was chosen last. */
  readonly current: string;
  /** A case was chosen. */
  readonly onCase: (id: string) => void;
  /** Leads to a case. */
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
}

export function CaseDialogs({ asked, supply, onJob, current, onCase, onOpen, onClose }: CaseDialogsProps): React.JSX.Element {
  const announcer = useAnnouncer();
  switch (asked.kind) {
    case 'add':
      return (
        <AddToCase
          sessions={asked.sessions}
          current={current}
          onClose={onClose}
          onDone={(id, number, added) => {
            onClose();
            onCase(id);
            announcer.toast({
              tone: 'good',
              text: `${added === 1 ? '1 exhibit was' : `${String(added)} exhibits were`} added to case ${number}.`,
              action: { label: 'Show the case', run: () => onOpen(id) },
            });
          }}
        />
      );
    case 'verify':
      return (
        <VerifyBundle
          first={asked.file}
          supply={supply}
          onJob={onJob}
          onCase={(id) => {
            onClose();
            onOpen(id);
          }}
          onClose={onClose}
        />
      );
    case 'made':
      return <Made job={asked.job} onClose={onClose} />;
  }
}
