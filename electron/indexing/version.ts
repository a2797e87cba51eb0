// What an index was made with. Raised when the emulator, its width table or anything that the pass writes changes: an index of
// an older version is made again, so that what was found is always what is shown.

export const INDEX_VERSION = 9;
