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
}

export const PROVIDERS: Provider[] = [
  {
    key: 'microsoft',
    name: 'Microsoft 365',
    host: 'smtp.office365.com',
    port: 587,
    security: 'starttls',
    spf: 'include:spf.protection.outlook.com',
  },
  {
    key: 'google',
    name: 'Google Workspace',
    host: 'smtp-relay.gmail.com',
    port: 587,
    security: 'starttls',
    spf: 'include:_spf.google.com',
  },
  {
    key: 'ses',
    name: 'Amazon SES',
    host: 'email-smtp.eu-central-1.amazonaws.com',
    port: 587,
    security: 'starttls',
    spf: 'include:amazonses.com',
  },
  {
    key: 'postmark',
    name: 'Postmark',
    host: 'smtp.postmarkapp.com',
    port: 587,
    security: 'starttls',
    spf: 'include:spf.mtasv.net',
  },
  {
    key: 'mailgun',
    name: 'Mailgun',
    host: 'smtp.eu.mailgun.org',
    port: 587,
    security: 'starttls',
    spf: 'include:mailgun.org',
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

export interface DnsRecord {
  kind: 'spf' | 'dkim' | 'dmarc';
  /** The full name that the TXT record stands under. */
  name: string;
  value: string;
}

interface Sending {
  /** The sender's address. */
  from: string;
  host: string;
  /** Where we sign ourselves; else the provider does, with records of its own. */
  dkim?: { domain: string; selector: string; record: string } | undefined;
}

/**
 * The TXT records that make receivers trust mail from this address: who may send for the domain (SPF, RFC 7208), the
 * key of our signatures (DKIM, RFC 6376), and what is to be done where neither holds (DMARC, RFC 7489), beginning with
 * reports alone.
 */
export function dnsRecords({ from, host, dkim }: Sending): DnsRecord[] {
  const domain = from.slice(from.lastIndexOf('@') + 1).toLowerCase();
  const records: DnsRecord[] = [];
  if (domain && host) {
    records.push({ kind: 'spf', name: domain, value: `v=spf1 ${providerOf(host)?.spf ?? `a:${host}`} ~all` });
  }
  if (dkim) records.push({ kind: 'dkim', name: `${dkim.selector}._domainkey.${dkim.domain}`, value: dkim.record });
  if (domain) {
    records.push({ kind: 'dmarc', name: `_dmarc.${domain}`, value: `v=DMARC1; p=none; rua=mailto:${from}` });
  }
  return records;
}
