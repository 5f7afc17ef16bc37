import { isIP } from 'node:net';
import type { MailSecurity } from './message.ts';

/** A usual mail service: what its SMTP settings are, and what the sender's domain has to say about it. */
export interface Provider {
  key: string;
  name: string;
  host: string;
  port: number;
  security: MailSecurity;
  /** What stands in the domain's SPF record. */
  spf: string;
  /** What its published limits allow: messages a second (null: it names none), connections at the same time. */
  perSecond: number | null;
  connections: number;
  /** Whether it tells by itself what came back. */
  reports: boolean;
}

export const PROVIDERS: Provider[] = [
  {
    key: 'microsoft',
    name: 'Microsoft 365',
    host: 'smtp.office365.com',
    port: 587,
    security: 'starttls',
    spf: 'include:spf.protection.outlook.com',
    perSecond: 0.5,
    connections: 3,
    reports: false,
  },
  {
    key: 'google',
    name: 'Google Workspace',
    host: 'smtp-relay.gmail.com',
    port: 587,
    security: 'starttls',
    spf: 'include:_spf.google.com',
    perSecond: 5,
    connections: 5,
    reports: false,
  },
  {
    key: 'ses',
    name: 'Amazon SES',
    host: 'email-smtp.eu-central-1.amazonaws.com',
    port: 587,
    security: 'starttls',
    spf: 'include:amazonses.com',
    perSecond: 14,
    connections: 5,
    reports: true,
  },
  {
    key: 'postmark',
    name: 'Postmark',
    host: 'smtp.postmarkapp.com',
    port: 587,
    security: 'starttls',
    spf: 'include:spf.mtasv.net',
    perSecond: null,
    connections: 5,
    reports: true,
  },
  {
    key: 'mailgun',
    name: 'Mailgun',
    host: 'smtp.eu.mailgun.org',
    port: 587,
    security: 'starttls',
    spf: 'include:mailgun.org',
    perSecond: null,
    connections: 5,
    reports: true,
  },
];

const FAMILIES: [RegExp, string][] = [
  [/\.(office365|outlook)\.com$/, 'microsoft'],
  [/\.(gmail|google)\.com$/, 'google'],
  [/\.amazonaws\.com$/, 'ses'],
  [/\.postmarkapp\.com$/, 'postmark'],
  [/\.mailgun\.org$/, 'mailgun'],
];

/** Whose server this is, in any of the provider's regions. */
export function providerOf(host: string): Provider | undefined {
  const key = FAMILIES.find(([pattern]) => pattern.test(host.toLowerCase()))?.[1];
  return PROVIDERS.find((each) => each.key === key);
}

/** The name under which Postmark keeps our mail's id beside the message, and reports it. */
export const MAIL_METADATA = 'comeback-mail';

/**
 * What a service has to be told so that its reports name our mail. Postmark gives each message an id of its own, takes
 * away the return path, and strips these headers before the message leaves; others keep what we write.
 */
export function serviceHeaders(host: string, mailId: string): Record<string, string> {
  if (providerOf(host)?.key !== 'postmark') return {};
  return { [`X-PM-Metadata-${MAIL_METADATA}`]: mailId, 'X-PM-KeepID': 'true' };
}

interface DnsRecord {
  kind: 'spf' | 'dkim' | 'dmarc';
  /** The full name that the TXT record stands under. */
  name: string;
  value: string;
}

/** A server that is named by its number has no name to look up (RFC 7208, 5.3 and 5.6). */
function mechanismOf(host: string): string {
  const version = isIP(host);
  return version === 0 ? `a:${host}` : `ip${version}:${host}`;
}

interface Sending {
  /** The sender's address. */
  from: string;
  /** Where what cannot be delivered comes back, unless that is the sender's address. */
  returnPath?: string | undefined;
  host: string;
  /** Where we sign ourselves; else the provider does, with records of its own. */
  dkim?: { domain: string; selector: string; record: string } | undefined;
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/**
 * The TXT records that make receivers trust mail from this address: who may send for the domain of the return path (SPF,
 * RFC 7208, 2.4), the key of our signatures (DKIM, RFC 6376), and what is to be done where neither holds (DMARC,
 * RFC 7489), beginning with reports alone.
 */
export function dnsRecords({ from, returnPath, host, dkim }: Sending): DnsRecord[] {
  const domain = domainOf(from);
  const records: DnsRecord[] = [];
  if (domain && host) {
    const value = `v=spf1 ${providerOf(host)?.spf ?? mechanismOf(host)} ~all`;
    records.push({ kind: 'spf', name: domainOf(returnPath ?? from), value });
  }
  if (dkim) records.push({ kind: 'dkim', name: `${dkim.selector}._domainkey.${dkim.domain}`, value: dkim.record });
  if (domain) {
    records.push({ kind: 'dmarc', name: `_dmarc.${domain}`, value: `v=DMARC1; p=none; rua=mailto:${from}` });
  }
  return records;
}
