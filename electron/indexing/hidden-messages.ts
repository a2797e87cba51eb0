// Messages that common programs show for less than 100 ms in their ordinary course, by their whole form: what an editor says while it
// reads, writes and leaves, what a pager repeats of a key, and progress. Each form is that of its program, and leaves no room for
// other text but the name of a file.

import { wordsOf } from './hidden-findings.ts';

const FORMS: readonly RegExp[] = [
  /^"?[^"]+" (?:\[[\w +-]+\] ?)*(?:\d+L, )?\d+[BC](?: written| appended)?$/, // vim
  /^"?[^"]+" \[New(?: File)?\]$/, // vim
  /^\d+ (?:lines? (?:to indent\.\.\.|indented|yanked)|(?:more|fewer) lines?)$/, // vim
  /^search hit (?:BOTTOM, continuing at TOP|TOP, continuing at BOTTOM)$/, // vim
  /^\[? ?(?:Reading|Writing)\.\.\.(?: \])?$/, // nano
  /^\[ (?:Read|Wrote) \d+ lines?(?: \([\w ]+\))? \]$/, // nano
  /^\[? ?Search Wrapped \]$/, // nano
  /^(?:Wrote|Saving file) \/\S+?(?:\.\.\.)?$/, // emacs
  /^For information about GNU Emacs and the GNU system, type C-h C-a\.$/, // emacs
  /^Getting (?:file|https?):\/\/\S+$/, // lynx
  /^(?:Reading \S+\.\.\.(?: \d+)?|Mailbox is unchanged\.)$/, // mutt
  /^\d+(?:\.\d+)?[kM]?b loaded$/, // w3m
  /^loading\.\.\.$/, // ranger
  /^ESC[[O]?[0-9;]{0,8}[A-Za-z~]?$/, // less: the name of a key
  /^[\w -]{1,60} \(press RETURN\)$/, // less
  /^hint: Waiting for your editor to close the file\.\.\.$/, // git
];

/** Words of a progress line, beside its numbers: what it does, and to what. */
const PROGRESS_WORDS = 2;
const PROGRESS = /\d%|\(\d+\/\d+\)/;

export function isOrdinaryMessage(text: string): boolean {
  return FORMS.some((form) => form.test(text)) || (PROGRESS.test(text) && wordsOf(text).size <= PROGRESS_WORDS);
}
