// Bringing recordings in: files, a folder, or the sample case; chosen, or dropped anywhere on the window.

import { createContext, use, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useApi } from '../api.ts';
import { useActions } from '../ui/actions.tsx';
import { Button } from '../ui/button.tsx';
import { formatCount } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';
import { Empty } from '../ui/notice.tsx';
import { useAnnouncer } from '../ui/toasts.tsx';
import { MOST_FILES, chosenFiles, droppedFiles, type GivenFile } from './file-tree.ts';
import { offer, supply } from './supply.ts';

interface Importing {
  chooseFiles(): void;
  chooseFolder(): void;
  /** Null where this installation has no sample case. */
  readonly openSample: (() => void) | null;
}

const ImportingContext = createContext<Importing>({
  chooseFiles: () => undefined,
  chooseFolder: () => undefined,
  openSample: null,
});

export interface ImportingProps {
  readonly children: React.ReactNode;
  readonly sample: boolean;
  /** An import has begun: its job is to be shown. */
  readonly onJob: (job: string) => void;
}

/** Holds the file choosers and the drop target. To be shown while the library is open. */
export function ImportingProvider({ children, sample, onJob }: ImportingProps): React.JSX.Element {
  const api = useApi();
  const announcer = useAnnouncer();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);

  const begin = useCallback(
    (given: readonly GivenFile[]) => {
      if (given.length === 0) return;
      if (given.length >= MOST_FILES) {
        announcer.toast({
          tone: 'bad',
          text: `At most ${formatCount(MOST_FILES)} files can be imported at once: take a part of the folder, or use the command line.`,
        });
        return;
      }
      offer(api, given)
        .then((job) => {
          onJob(job);
          return supply(api, job, given);
        })
        .catch(announcer.fail);
    },
    [api, announcer, onJob],
  );

  const importing = useMemo<Importing>(
    () => ({
      chooseFiles: () => files.current?.click(),
      chooseFolder: () => folder.current?.click(),
      openSample: sample ? () => void api.call('import.sample', null).then(({ job }) => onJob(job), announcer.fail) : null,
    }),
    [api, announcer, onJob, sample],
  );
  const taken = (event: React.ChangeEvent<HTMLInputElement>): void => {
    begin(chosenFiles(event.target.files ?? []));
    // The same file may be chosen again.
    event.target.value = '';
  };

  useActions([
    { id: 'import.files', group: 'Import', label: 'Import files …', keys: ['Mod+O'], run: importing.chooseFiles },
    { id: 'import.folder', group: 'Import', label: 'Import a folder …', keys: ['Mod+Shift+O'], run: importing.chooseFolder },
    ...(importing.openSample === null
      ? []
      : [{ id: 'import.sample', group: 'Import', label: 'Open the sample case', run: importing.openSample }]),
  ]);

  return (
    <ImportingContext value={importing}>
      {children}
      <input ref={files} type="file" multiple hidden aria-label="Files to import" onChange={taken} />
      <input ref={folder} type="file" hidden aria-label="Folder to import" {...{ webkitdirectory: '' }} onChange={taken} />
      <DropTarget onFiles={begin} />
    </ImportingContext>
  );
}

function DropTarget({ onFiles }: { readonly onFiles: (files: readonly GivenFile[]) => void }): React.JSX.Element | null {
  const [over, setOver] = useState(false);
  const announcer = useAnnouncer();
  useEffect(() => {
    // The window is entered and left once for every element that is crossed.
    let depth = 0;
    // Over an open dialog nothing is imported: what is dropped there is its own.
    const holdsFiles = (event: DragEvent): boolean =>
      event.dataTransfer?.types.includes('Files') === true && document.querySelector('dialog:modal') === null;
    const enter = (event: DragEvent): void => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (!holdsFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const move = (event: DragEvent): void => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      event.dataTransfer!.dropEffect = 'copy';
    };
    const drop = (event: DragEvent): void => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      droppedFiles(event.dataTransfer!).then(onFiles, announcer.fail);
    };
    const listeners = { dragenter: enter, dragleave: leave, dragover: move, drop } as const;
    for (const [name, listener] of Object.entries(listeners)) document.addEventListener(name as 'drop', listener);
    return () => {
      for (const [name, listener] of Object.entries(listeners)) document.removeEventListener(name as 'drop', listener);
    };
  }, [onFiles, announcer]);
  if (!over) return null;
  return (
    <div className="drop-target">
      <div>
        <Icon name="import" />
        <p>Drop recordings or folders to import them</p>
      </div>
    </div>
  );
}

/** The import button of a tool bar. */
export function ImportMenu(): React.JSX.Element {
  const { chooseFiles, chooseFolder, openSample } = use(ImportingContext);
  return (
    <Menu label="Import recordings" text="Import" icon="import" look="primary">
      {(close) => (
        <div className="import-choice">
          {[
            { icon: 'file', label: 'Files …', run: chooseFiles },
            { icon: 'folder', label: 'Folder …', run: chooseFolder },
            ...(openSample === null ? [] : [{ icon: 'sample', label: 'Sample case', run: openSample }]),
          ].map(({ icon, label, run }) => (
            <Button
              key={label}
              look="quiet"
              icon={icon as 'file'}
              onClick={() => {
                close();
                run();
              }}
            >
              {label}
            </Button>
          ))}
          <p className="faint">Or drop files and folders anywhere.</p>
        </div>
      )}
    </Menu>
  );
}

const FORMATS = 'asciicast 1, 2 and 3, ttyrec, script, tlog, sudo I/O logs, and exports of rstream sessions';

/** What a new library shows. */
export function FirstSteps(): React.JSX.Element {
  const { chooseFiles, chooseFolder, openSample } = use(ImportingContext);
  return (
    <div className="first-steps">
      <Empty
        icon="sessions"
        title="This library is empty"
        actions={
          <>
            {openSample === null ? null : (
              <Button look="primary" large icon="sample" onClick={openSample}>
                Open the sample case
              </Button>
            )}
            <Button large icon="file" onClick={chooseFiles}>
              Import files …
            </Button>
            <Button large icon="folder" onClick={chooseFolder}>
              Import a folder …
            </Button>
          </>
        }
      >
        <p>
          The sample case is four sessions of one night on a database server: a backup, an operator with a harmless ticket, and a
          check that fails. Find out what happened.
        </p>
        <p className="faint">{`Or drop recordings here. Exhibit reads ${FORMATS}.`}</p>
      </Empty>
    </div>
  );
}
