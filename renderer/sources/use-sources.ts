// The sources and the keys of this device, asked for again whenever something about them changes.

import { useCallback, useEffect } from 'react';
import type { Api } from '../../shared/api/contract.ts';
import type { Job } from '../../shared/api/shapes.ts';
import type { DeviceList, Source } from '../../shared/api/source-shapes.ts';
import { useAnswer, type Answer } from '../ui/answer.ts';

/** `jobs`: what runs and what has ended: the end of a synchronisation is news of its source. */
export function useSources(api: Api, jobs: readonly Job[]): Answer<readonly Source[]> {
  const answer = useAnswer(useCallback(() => api.call('sources.list', null), [api]));
  const { again } = answer;
  useEffect(() => api.on('sources', again), [api, again]);
  const ended = jobs.filter(({ kind, state }) => kind === 'sync' && state !== 'running').length;
  useEffect(() => {
    if (ended > 0) again();
  }, [ended, again]);
  return answer;
}

export function useDevices(api: Api): Answer<DeviceList> {
  const answer = useAnswer(useCallback(() => api.call('device.list', null), [api]));
  const { again } = answer;
  useEffect(() => api.on('sources', again), [api, again]);
  return answer;
}
