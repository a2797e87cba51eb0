// Asks for a secret on the terminal without showing it. Without a terminal there is nobody to ask.

import { ExhibitError } from '../../../shared/api/errors.ts';

export async function readSecret(question: string): Promise<string> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) {
    throw new ExhibitError('passphrase', 'read passphrase', 'there is no terminal to ask on', 'give it with --passphrase-file');
  }
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.resume();
  stdin.setEncoding('utf8');
  let typed = '';
  try {
    for await (const keys of stdin as AsyncIterable<string>) {
      for (const key of keys) {
        if (key === '\r' || key === '\n') return typed;
        if (key === '\u0003' || key === '\u0004') throw new ExhibitError('cancelled', 'read passphrase', 'it was cancelled');
        if (key === '\u007f' || key === '\b') typed = Array.from(typed).slice(0, -1).join('');
        else if (key >= ' ') typed += key;
      }
    }
    return typed;
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
}
