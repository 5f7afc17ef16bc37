import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** Why a message was not sent at all; the text says so without naming what stands there. */
export class Refused extends Error {}

/** Addresses that are not on the open internet. Sources: the special-purpose registries of IANA for IPv4 and IPv6. */
const NOT_PUBLIC = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/** Of IPv6 only 2000::/3 is given out; in it, these lead elsewhere: tunnels, translations, documentation. */
const NOT_PUBLIC_6 = [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

// One for each family: a list of both would look for 8.8.8.8 in ::/3 too.
const blocked = { 4: new BlockList(), 6: new BlockList() };
for (const [net, prefix] of NOT_PUBLIC) blocked[4].addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of NOT_PUBLIC_6) blocked[6].addSubnet(net, prefix, 'ipv6');

/** Whether an IP address is one that anybody on the internet may have. */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  if (family === 6) return !blocked[6].check(address, 'ipv6');
  return family === 4 && !blocked[4].check(address, 'ipv4');
}

/** The host of an address as a resolver takes it: an IPv6 address without its brackets. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** What is wrong with an address to send to, before any name is looked up; undefined where nothing is. */
export function faultOf(text: string, allowsPrivate: boolean): string | undefined {
  if (text.length > 500 || !URL.canParse(text)) return 'webhooks.url.invalid';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.hash !== '') return 'webhooks.url.invalid';
  if (url.protocol !== 'https:' && !(allowsPrivate && url.protocol === 'http:')) return 'webhooks.url.https';
  const host = hostOf(url);
  if (!allowsPrivate && isIP(host) !== 0 && !isPublic(host)) return 'webhooks.url.private';
  return undefined;
}

interface Resolved {
  address: string;
  family: 4 | 6;
}

/**
 * The address to connect to. All that a name stands for must be public: a name must not point at one of ours among
 * others. The connection is made to what was checked, not to what the name says a moment later.
 * @throws Refused
 */
export async function resolvePublic(url: URL, allowsPrivate: boolean): Promise<Resolved> {
  const host = hostOf(url);
  const found = await lookup(host, { all: true, verbatim: true });
  if (!allowsPrivate && !found.every(({ address }) => isPublic(address))) throw new Refused('private');
  const [first] = found;
  if (!first) throw new Refused('unknown host');
  return { address: first.address, family: first.family === 6 ? 6 : 4 };
}
