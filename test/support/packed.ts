import { constants, deflateRawSync } from 'node:zlib';

const PIECE = 1024 * 1024;

/** So many whole megabytes of spaces, deflated: one of them packed, and repeated, since packing them all takes seconds. */
export function packedSpaces(megabytes: number): Buffer {
  const piece = deflateRawSync(Buffer.alloc(PIECE, ' '), { finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([...Array<Buffer>(megabytes).fill(piece), deflateRawSync(Buffer.alloc(0))]);
}
