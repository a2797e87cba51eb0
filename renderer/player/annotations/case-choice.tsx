// Which case annotations go to: chosen in the player's heading, remembered for the next recording.

import type { CaseSummary } from '../../../shared/api/case-shapes.ts';
import { Icon } from '../../ui/icon.tsx';
import { plainRecorded } from '../../ui/recorded.tsx';

export interface CaseChoiceProps {
  readonly cases: readonly CaseSummary[];
  readonly current: CaseSummary | null;
  readonly onChoose: (id: string) => void;
  readonly selectRef: React.Ref<HTMLSelectElement>;
}

export function CaseChoice({ cases, current, onChoose, selectRef }: CaseChoiceProps): React.JSX.Element {
  // A closed one is offered only where it is the current one.
  const offered = cases.filter(({ status, id }) => status === 'open' || id === current?.id);
  return (
    <label className="case-choice" title="The case that annotations go to">
      <Icon name="case" />
      <span className="unseen">Case that annotations go to</span>
      <select ref={selectRef} value={current?.id ?? ''} onChange={(event) => onChoose(event.target.value)}>
        <option value="">No case</option>
        {offered.map(({ id, number, title, status }) => (
          <option key={id} value={id}>
            {plainRecorded(`${number} ${title}${status === 'closed' ? ' (closed)' : ''}`)}
          </option>
        ))}
      </select>
    </label>
  );
}
