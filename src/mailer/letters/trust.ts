import type { Fields } from '../bounces/fields.ts';

/** What the server that received a letter found out about its sender's address; 'unsure' where it does not say. */
export type Trust = 'sure' | 'unsure' | 'failed';

/**
 * Reads the Authentication-Results (RFC 8601) of the server that received the letter, and of no other: whoever writes a
 * letter can put such a field into it. Ours are those in the name of the domain that the topmost Received field names,
 * which is the one field that the writer cannot have written; servers are to remove forged ones in their own name.
 */
export function trustOf(fields: Fields, fromAddress: string): Trust {
  const own = (fields.get('authentication-results') ?? []).filter((result) => isOurs(result, fields));
  const from = domainOf(fromAddress);
  const said = own.map((result) => verdictOf(plain(result), from));
  if (said.includes('failed')) return 'failed';
  return said.includes('sure') && from !== '' ? 'sure' : 'unsure';
}

/** Comments may hold anything, also what looks like a result. */
const plain = (result: string) => result.replace(/\([^()]*\)/g, ' ').toLowerCase();

function isOurs(result: string, fields: Fields): boolean {
  const [received = ''] = fields.get('received') ?? [];
  const by = /\bby\s+([a-z0-9.-]{1,255})/i.exec(received)?.[1]?.toLowerCase() ?? '';
  const server = /^\s*([a-z0-9.-]{1,255})/i.exec(result)?.[1]?.toLowerCase() ?? '';
  return by.includes('.') && server.includes('.') && isRelated(by, server);
}

/** One domain, or one below the other, or both directly below the same that is not a public ending of two parts. */
function isRelated(a: string, b: string): boolean {
  const [left, right] = [parentOf(a), parentOf(b)];
  return a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`) || (left === right && left.split('.').length >= 2);
}

const parentOf = (domain: string) => domain.slice(domain.indexOf('.') + 1);

function verdictOf(result: string, from: string): Trust {
  const found = (name: string) => new RegExp(`(?:^|[;\\s])${name}\\s?=\\s?([a-z]{1,20})([^;]{0,500})`).exec(result);
  const [dmarc, dkim, spf] = [found('dmarc'), found('dkim'), found('spf')];
  if (dmarc?.[1] === 'pass') return 'sure';
  if (dmarc?.[1] === 'fail') return 'failed';
  if (dkim?.[1] === 'pass' && isAligned(/header\.[di]\s?=\s?@?([^\s;]+)/.exec(dkim[2] ?? '')?.[1], from)) return 'sure';
  if (spf?.[1] === 'pass' && isAligned(/smtp\.mailfrom\s?=\s?([^\s;]+)/.exec(spf[2] ?? '')?.[1], from)) return 'sure';
  return dkim?.[1] === 'fail' || spf?.[1] === 'fail' ? 'failed' : 'unsure';
}

function isAligned(said: string | undefined, from: string): boolean {
  const domain = domainOf(said ?? '') || (said ?? '').replace(/^"|"$/g, '');
  return domain !== '' && (from === domain || from.endsWith(`.${domain}`) || domain.endsWith(`.${from}`));
}

const domainOf = (address: string) =>
  address.includes('@') ? address.slice(address.lastIndexOf('@') + 1).toLowerCase() : '';
