import type { FileType } from './types.ts';

const LONGEST = 100;
/** What each type may be called; the first is added where a name ends otherwise. */
const ENDINGS: Record<FileType, string[]> = {
  'image/jpeg': ['jpg', 'jpeg', 'jfif'],
  'image/png': ['png'],
  'image/webp': ['webp'],
  'image/gif': ['gif'],
  'image/heic': ['heic', 'heif'],
  'application/pdf': ['pdf'],
  'text/plain': ['txt', 'csv', 'log', 'text'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
};

/**
 * A name that is safe to show, to save and to stand in a header: without paths, control characters and marks that turn
 * the direction of reading, with the ending that its content has.
 */
export function cleanName(name: string, type: FileType, otherwise: string): string {
  const endings = ENDINGS[type];
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const plain = last
    .normalize('NFC')
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\ufffd]/gu, '')
    .replace(/[<>:"|?*;%]/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  const dot = plain.lastIndexOf('.');
  const ending = dot > 0 ? plain.slice(dot + 1).toLowerCase() : '';
  const fits = endings.includes(ending);
  const stem = [...(fits ? plain.slice(0, dot) : plain)].slice(0, LONGEST).join('').trim();
  return `${stem || otherwise}.${fits ? ending : endings[0]}`;
}
