export interface Size {
  /** Pixels. */
  width: number;
  height: number;
}

export type PictureType = 'image/png' | 'image/jpeg' | 'image/webp';

/** Beyond it nobody means a logo, and the browser that has to unpack it suffers. */
const MOST_PIXELS_ASIDE = 10_000;

/** What a picture is and how large, by its own first bytes; undefined where it is none that pages and mails can show. */
export function pictureOf(content: Buffer): { type: PictureType; size: Size } | undefined {
  const type = typeOf(content);
  const size = type && SIZES[type](content);
  return size && isShowable(size) ? { type, size } : undefined;
}

const isShowable = ({ width, height }: Size) =>
  Math.min(width, height) >= 1 && Math.max(width, height) <= MOST_PIXELS_ASIDE;

const startsWith = (content: Buffer, at: number, bytes: number[]) => bytes.every((byte, i) => content[at + i] === byte);

function typeOf(content: Buffer): PictureType | undefined {
  if (startsWith(content, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png';
  if (startsWith(content, 0, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  const riff = startsWith(content, 0, [0x52, 0x49, 0x46, 0x46]) && startsWith(content, 8, [0x57, 0x45, 0x42, 0x50]);
  return riff ? 'image/webp' : undefined;
}

const SIZES: Record<PictureType, (content: Buffer) => Size | undefined> = {
  'image/png': pngSize,
  'image/jpeg': jpegSize,
  'image/webp': webpSize,
};

/** PNG (ISO/IEC 15948), 11.2.2: the header chunk comes first. */
function pngSize(content: Buffer): Size | undefined {
  if (content.length < 24 || content.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  return { width: content.readUInt32BE(16), height: content.readUInt32BE(20) };
}

/** Start-of-frame markers; among their numbers are three that mean something else. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** JPEG (ITU-T T.81), B.2.2: segments until the frame's own, which holds height before width. */
function jpegSize(content: Buffer): Size | undefined {
  for (let at = 2; at + 9 <= content.length && content[at] === 0xff;) {
    const marker = content.readUInt8(at + 1);
    if (isFrame(marker)) return { width: content.readUInt16BE(at + 7), height: content.readUInt16BE(at + 5) };
    // Before a marker there may be any number of filling bytes.
    at += marker === 0xff ? 1 : 2 + content.readUInt16BE(at + 2);
  }
  return undefined;
}

/** WebP (RFC 9649): lossy, lossless or extended, each with a header of its own. */
function webpSize(content: Buffer): Size | undefined {
  if (content.length < 30) return undefined;
  const kind = content.toString('latin1', 12, 16);
  if (kind === 'VP8 ') return { width: content.readUInt16LE(26) & 0x3fff, height: content.readUInt16LE(28) & 0x3fff };
  if (kind === 'VP8X') return { width: 1 + content.readUIntLE(24, 3), height: 1 + content.readUIntLE(27, 3) };
  if (kind !== 'VP8L') return undefined;
  const bits = content.readUInt32LE(21);
  return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
}
