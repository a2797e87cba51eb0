// Files that were chosen or dropped, folders opened, each under the path that it has inside of what was given.

import { describe, expect, test } from 'vitest';
import { chosenFiles, droppedFiles } from '../../../../renderer/sources/file-tree.ts';

const file = (name: string, path = ''): File =>
  Object.defineProperty(new File(['x'], name), 'webkitRelativePath', { value: path });

/** How many entries a folder's reader gives at a time. */
const PORTION = 2;

type Tree = { readonly [name: string]: Tree | 'file' | 'unreadable' };

/** A dropped folder as the browser gives it. */
function entryOf(name: string, node: Tree[string], path = `/${name}`): FileSystemEntry {
  if (typeof node === 'string') {
    const give = (resolve: (found: File) => void, reject: (error: Error) => void): void =>
      node === 'file' ? resolve(file(name)) : reject(new Error(`${name} cannot be read`));
    return { isFile: true, isDirectory: false, name, fullPath: path, file: give } as unknown as FileSystemEntry;
  }
  const createReader = (): FileSystemDirectoryReader => {
    const left = Object.entries(node).map(([child, one]) => entryOf(child, one, `${path}/${child}`));
    return { readEntries: (resolve) => resolve(left.splice(0, PORTION)) };
  };
  return { isFile: false, isDirectory: true, name, fullPath: path, createReader } as unknown as FileSystemEntry;
}

/** A drop whose contents are gone once its event is over. */
function drop(
  entries: readonly (FileSystemEntry | null)[],
  files: readonly File[],
): { transfer: DataTransfer; over: () => void } {
  const transfer = { items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })), files: [...files] };
  return {
    transfer: transfer as unknown as DataTransfer,
    over: () => {
      transfer.items.length = 0;
      transfer.files.length = 0;
    },
  };
}

describe('chosen files', () => {
  test('have their own name, or their path inside of the chosen folder', () => {
    const chosen = chosenFiles([file('a.cast'), file('timing', 'io/00/timing')]);
    expect(chosen.map(({ name }) => name)).toEqual(['a.cast', 'io/00/timing']);
    expect(chosen[0]!.file.name).toBe('a.cast');
  });
});

describe('dropped files', () => {
  test('are found in folders of any depth, whatever portions a folder comes in', async () => {
    const tree = { 'a.cast': 'file', 'b.cast': 'file', 'c.cast': 'file', sub: { deep: { log: 'file' } }, empty: {} } as const;
    const { transfer } = drop([entryOf('folder', tree), entryOf('z.cast', 'file')], []);
    expect((await droppedFiles(transfer)).map(({ name }) => name)).toEqual([
      'folder/a.cast',
      'folder/b.cast',
      'folder/c.cast',
      'folder/sub/deep/log',
      'z.cast',
    ]);
  });

  test('are read before the drop is over', async () => {
    const { transfer, over } = drop([entryOf('a.cast', 'file'), null], [file('a.cast'), file('b.cast')]);
    const found = droppedFiles(transfer);
    over();
    expect((await found).map(({ name }) => name)).toEqual(['a.cast', 'b.cast']);
  });

  test('that cannot be read fail aloud', async () => {
    const { transfer } = drop([entryOf('folder', { 'a.cast': 'unreadable' })], []);
    await expect(droppedFiles(transfer)).rejects.toThrow('a.cast cannot be read');
  });
});
