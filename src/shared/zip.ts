import { crc32, inflateRawSync } from 'node:zlib';

/** One file of a ZIP archive as its directory lists it; sizes in bytes. */
export interface ZipEntry {
  name: string;
  method: number;
  packed: number;
  unpacked: number;
  offset: number;
  encrypted: boolean;
}

const END = 0x06054b50;
const DIRECTORY = 0x02014b50;
const LOCAL = 0x04034b50;

/** The archive's directory, or undefined where there is none. Source: PKWARE, APPNOTE.TXT 4.3. */
export function zipEntries(bytes: Buffer): ZipEntry[] | undefined {
  const end = findEnd(bytes);
  if (end < 0) return undefined;
  const entries: ZipEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== DIRECTORY) return undefined;
    const nameLength = bytes.readUInt16LE(at + 28);
    entries.push(entryAt(bytes, at, nameLength));
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function findEnd(bytes: Buffer): number {
  const last = Math.max(0, bytes.length - 22 - 65_535);
  for (let at = bytes.length - 22; at >= last; at -= 1) if (bytes.readUInt32LE(at) === END) return at;
  return -1;
}

function entryAt(bytes: Buffer, at: number, nameLength: number): ZipEntry {
  return {
    name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
    method: bytes.readUInt16LE(at + 10),
    packed: bytes.readUInt32LE(at + 20),
    unpacked: bytes.readUInt32LE(at + 24),
    offset: bytes.readUInt32LE(at + 42),
    encrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
  };
}

/** The entry's content; undefined where it is damaged or longer than `limit`, whatever the directory says. */
export function unpackEntry(bytes: Buffer, entry: ZipEntry, limit: number): Buffer | undefined {
  const { offset, packed, method } = entry;
  if (offset + 30 > bytes.length || bytes.readUInt32LE(offset) !== LOCAL) return undefined;
  const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
  const content = bytes.subarray(start, start + packed);
  if (content.length < packed) return undefined;
  if (method === 0) return content.length <= limit ? content : undefined;
  if (method !== 8) return undefined;
  try {
    return inflateRawSync(content, { maxOutputLength: Math.max(1, limit) });
  } catch {
    return undefined;
  }
}

/** An archive of these files without compression. */
export function storedZip(files: ReadonlyMap<string, Buffer>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of files) {
    const name = Buffer.from(path);
    const local = headerOf(LOCAL, content, name);
    directory.push(directoryOf(content, name, offset), name);
    parts.push(local, name, content);
    offset += local.length + name.length + content.length;
  }
  return Buffer.concat([...parts, ...directory, endOf(files.size, Buffer.concat(directory).length, offset)]);
}

function headerOf(signature: number, content: Buffer, name: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(signature, 0);
  header.writeUInt16LE(20, 4);
  writeSizes(header, 14, content, name);
  return header;
}

function directoryOf(content: Buffer, name: Buffer, offset: number): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(DIRECTORY, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(20, 6);
  writeSizes(header, 16, content, name);
  header.writeUInt32LE(offset, 42);
  return header;
}

function writeSizes(header: Buffer, at: number, content: Buffer, name: Buffer): void {
  header.writeUInt32LE(crc32(content), at);
  header.writeUInt32LE(content.length, at + 4);
  header.writeUInt32LE(content.length, at + 8);
  header.writeUInt16LE(name.length, at + 12);
}

function endOf(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
