// The commands of a recording, with how they are known: marked by the shell, from typed keys, or from the prompt alone.

import type { Command, Timeline } from '../../shared/api/shapes.ts';
import { formatDuration, formatOffset } from '../ui/format.ts';
import { Empty } from '../ui/notice.tsx';
import { Recorded } from '../ui/recorded.tsx';
import { VirtualList } from '../ui/virtual-list.tsx';
import { CutNote } from './cut-note.tsx';
import { commandTime, lastAt, SURE } from './recording-data.ts';
import type { Playback } from './playback.ts';
import { usePlaybackPart } from './use-playback.ts';

const EVIDENCE: Readonly<Record<Command['evidence'], string>> = {
  shell: 'marked by the shell',
  input: 'from typed keys',
  prompt: 'from the prompt only',
};

/** A command that took less is not timed: the prompt was back at once. Microseconds. */
const SHORTEST = 50_000;

const ROW = 40;

export interface CommandListProps {
  readonly timeline: Timeline;
  readonly playback: Playback;
  readonly onSeek: (atUs: number) => void;
}

export function CommandList({ timeline, playback, onSeek }: CommandListProps): React.JSX.Element {
  const { commands, index, cut } = timeline;
  const current = usePlaybackPart(playback, ({ atUs }) => lastAt(commands, atUs, commandTime));
  if (commands.length === 0) {
    return (
      <Empty icon="commands" title={index === 'done' ? 'No commands' : 'Not indexed yet'}>
        <p>
          {index === 'done'
            ? 'No command line could be told from this recording.'
            : 'Commands are listed when the recording is indexed.'}
        </p>
      </Empty>
    );
  }
  return (
    <>
      <VirtualList
        label="Commands"
        className="command-list"
        items={commands}
        height={() => ROW}
        current={current}
        onChoose={(command) => onSeek(commandTime(command))}
        row={(command) => <CommandRow command={command} />}
      />
      <CutNote count={cut['command'] ?? 0} />
    </>
  );
}

function CommandRow({ command }: { readonly command: Command }): React.JSX.Element {
  const { text, enteredUs, endUs, exitStatus, evidence, confidence, echoed } = command;
  return (
    <>
      <span className="line mono cut">
        {text.trim() === '' ? <span className="faint">empty line</span> : <Recorded text={text} />}
      </span>
      <span className="about faint cut">
        <span className="at">{formatOffset(enteredUs)}</span>
        {endUs === null || endUs - enteredUs < SHORTEST ? '' : `took ${formatDuration(endUs - enteredUs)}`}
        {confidence < SURE ? `, guessed ${EVIDENCE[evidence]}` : ''}
        {echoed ? '' : ', not echoed'}
      </span>
      {exitStatus === null || exitStatus === 0 ? null : <span className="badge bad">{`exit ${String(exitStatus)}`}</span>}
    </>
  );
}
