import { domainToASCII } from 'node:url';
import { withoutInvisible } from '../../shared/invisible.ts';
import type { Cell } from './table.ts';
import { bad, cellText, good, hasHiddenCharacter, oneLine, type Parsed, trimmed } from './text-value.ts';

const MAX_ADDRESS = 254;
const MAX_LOCAL = 64;
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?=.*[a-z])[a-z0-9-]{2,63}$/;

/**
 * One bare address, its domain in lower case and ASCII ('Anna@Bücher.example' is 'Anna@xn--bcher-kva.example'); ''
 * for an empty cell. Source: RFC 5321 4.5.3.1 for the lengths, the dot-atom of RFC 5322 for the part before the @.
 */
export function parseEmail(cell: Cell): Parsed<string> {
  const text = withoutInvisible(trimmed(cellText(cell))).replace(/^mailto:/i, '');
  if (text === '') return good('');
  if (hasHiddenCharacter(text) || /[\r\n\t]/.test(text)) return bad('hiddenCharacter');
  const ats = text.split('@').length - 1;
  if (ats > 1) return bad('severalAddresses');
  if (text.includes(',')) return bad('commaInAddress');
  const [local = '', domain = ''] = text.split('@');
  if (ats === 0 || local === '' || domain === '') return bad('notAnEmail');
  if (/[^\0-\x7F]/u.test(local)) return bad('lettersBeforeAt');
  const ascii = asciiDomain(domain);
  if (!LOCAL.test(local) || !DOMAIN.test(ascii)) return bad('notAnEmail');
  const address = `${local}@${ascii}`;
  return local.length > MAX_LOCAL || address.length > MAX_ADDRESS
    ? bad('tooLong', { max: MAX_ADDRESS })
    : good(address);
}

function asciiDomain(domain: string): string {
  const lower = domain.toLowerCase();
  return /^[\0-\x7F]*$/.test(lower) ? lower : /[\s/\\?#:]/.test(lower) ? '' : domainToASCII(lower);
}

/** What two spellings of an address have in common. */
export function emailKey(address: string): string {
  return address.toLowerCase();
}

const TELEPHONE =
  /^(?:tel\.?:? ?)?[+(]?[\d\s()/.\-–]+(?: ?(?:ext|extension|x|dw|durchwahl|tst|toestel|lokal)\.? ?\d{1,6})?$/iu;

/** As written, with single spaces; '' for an empty cell. */
export function parseTelephone(cell: Cell): Parsed<string> {
  const text = oneLine(cellText(cell));
  if (text === '') return good('');
  const digits = text.replace(/\D/g, '').length;
  return TELEPHONE.test(text) && digits >= 3 && digits <= 20 ? good(text) : bad('notATelephone');
}
