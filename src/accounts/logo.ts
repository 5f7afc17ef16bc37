import { createHash } from 'node:crypto';
import { pictureOf, type PictureType, type Size } from '../shared/picture-size.ts';

/** As it is kept. */
export interface StoredLogo {
  type: PictureType;
  base64: string;
}

/** The business's logo, as it is served and shown. */
export interface Logo extends StoredLogo {
  /** Changes with the picture, so that browsers may keep it. */
  version: string;
  /** Its address, and how large it is shown at the head of pages and mails, in CSS pixels: never larger than it is. */
  picture: Size & { src: string };
  /** So few bytes that a question page opens as quickly with it as without. */
  light: boolean;
}

export const MOST_LOGO_BYTES = 200 * 1024;
/** What a first page may weigh, less what its own text, style and script take. */
export const MOST_LIGHT_BYTES = 4 * 1024;
/** The room at the head of a page. */
export const LOGO_ROOM: Size = { width: 240, height: 48 };

/** The picture that was uploaded; what its name or sender says of its kind does not count. */
export function readLogo(content: Buffer): StoredLogo | undefined {
  const picture = pictureOf(content);
  return picture && content.length <= MOST_LOGO_BYTES
    ? { type: picture.type, base64: content.toString('base64') }
    : undefined;
}

/** Null, too, where what was kept is no picture. */
export function asLogo(stored: StoredLogo | null): Logo | null {
  const content = Buffer.from(stored?.base64 ?? '', 'base64');
  const picture = pictureOf(content);
  if (!stored || !picture) return null;
  const version = createHash('sha256').update(content).digest('base64url').slice(0, 10);
  const light = content.length <= MOST_LIGHT_BYTES;
  const shown = { src: `/logo?v=${version}`, ...within(picture.size, LOGO_ROOM) };
  return { ...stored, version, picture: shown, light };
}

/** In whole pixels, in proportion, at least one each way. */
export function within({ width, height }: Size, room: Size): Size {
  const scale = Math.min(1, room.width / width, room.height / height);
  const scaled = (side: number) => Math.max(1, Math.round(side * scale));
  return { width: scaled(width), height: scaled(height) };
}
