import { expect, test } from 'vitest';
import { isOrdinaryMessage } from '../../../../electron/indexing/hidden-messages.ts';

test.each([
  '"notes.txt" 12L, 340B',
  '"notes.txt" [New]',
  '100 lines to indent...',
  '453 lines indented',
  '3 fewer lines',
  'search hit BOTTOM, continuing at TOP',
  'For information about GNU Emacs and the GNU system, type C-h C-a.',
  'loading...',
  '[ Read 7 lines ]',
  '[ Search Wrapped ]',
  'Wrote /home/op/notes.txt',
  'Saving file /home/op/notes.txt...',
  'Getting file://localhost/home/op/page.html',
  'Search Wrapped ]',
  'Mailbox is unchanged.',
  'Reading /home/op/mbox... 0',
  '3.78kb loaded',
  'ESC[5~',
])('%s is what a program says in its ordinary course', (text) => expect(isOrdinaryMessage(text)).toBe(true));

test.each([
  '12 lines hunter2',
  'search hit hunter2, continuing at TOP',
  'loading... hunter2',
  'Wrote the password down',
  'Wrote /tmp/a b',
  'Getting on with it',
  'Reading hunter2',
  'Mailbox is unchanged. hunter2',
  '3.78kb loaded hunter2',
])('%s is none', (text) => expect(isOrdinaryMessage(text)).toBe(false));
