/** Bytes of one file, and of all that are given at once. */
export const MOST_FILE_BYTES = 10 * 1024 * 1024;
export const MOST_TOGETHER_BYTES = 15 * 1024 * 1024;
/** So many files at once. */
export const MOST_FILES = 10;
