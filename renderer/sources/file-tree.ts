// Files that the user gave: chosen, chosen as a folder, or dropped. A folder's files keep their path inside of it as their name, so that the
// parts of one recording stay recognisable.

export interface GivenFile {
  readonly name: string;
  readonly file: File;
}

/** The contract takes no more at a time. */
export const MOST_FILES = 100_000;

export const chosenFiles = (files: Iterable<File>): GivenFile[] =>
  Array.from(files, (file) => ({ name: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath, file }));

const read = (reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> =>
  new Promise((resolve, reject) => reader.readEntries(resolve, reject));

const fileOf = (entry: FileSystemFileEntry): Promise<File> => new Promise((resolve, reject) => entry.file(resolve, reject));

async function walk(entry: FileSystemEntry, found: GivenFile[]): Promise<void> {
  if (found.length >= MOST_FILES) return;
  if (entry.isFile) {
    found.push({ name: entry.fullPath.replace(/^\//, ''), file: await fileOf(entry as FileSystemFileEntry) });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives its entries in portions and an empty one at the end.
  for (let portion = await read(reader); portion.length > 0; portion = await read(reader)) {
    for (const one of portion) await walk(one, found);
  }
}

/** What was dropped, folders opened. The transfer is read at once: it is empty after the event. */
export function droppedFiles(transfer: DataTransfer): Promise<GivenFile[]> {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry());
  const files = Array.from(transfer.files);
  return (async () => {
    const found: GivenFile[] = [];
    for (const [i, entry] of entries.entries()) {
      if (entry !== null) await walk(entry, found);
      else if (files[i] !== undefined) found.push(...chosenFiles([files[i]]));
    }
    return found;
  })();
}
