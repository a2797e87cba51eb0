// Messages of tlog, one of which is a line of its file.

export interface TlogFields {
  readonly [name: string]: unknown;
}

/** A message of one recording; `rest` goes over the members that it has. */
export const tlogMessage = (id: number, timing: string, out: string, rest: TlogFields = {}): TlogFields => ({
  ver: '2.3',
  host: 'web-2',
  rec: 'a-1',
  user: 'ops',
  term: 'xterm',
  session: 3,
  id,
  pos: id * 1000,
  time: 1_795_230_000 + id,
  timing,
  in_txt: '',
  in_bin: [],
  out_txt: out,
  out_bin: [],
  ...rest,
});
