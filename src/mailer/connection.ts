import type { Transporter } from 'nodemailer';
import type { MailSettings } from './message.ts';
import type { Dkim } from './signing.ts';

export interface Timeouts {
  /** Milliseconds until a connection must stand. */
  connect: number;
  /** Milliseconds of silence after which a connection counts as broken. */
  silence: number;
}

export const PATIENT: Timeouts = { connect: 15_000, silence: 120_000 };

interface Opening {
  settings: MailSettings;
  timeouts: Timeouts;
  dkim?: Dkim | undefined;
  /** Further options of the mail library; an address's own parameters go before them. */
  options?: object;
}

/** The mail library, set up for this server; it signs what leaves by it, and reads neither files nor addresses. */
export async function openMailer({ settings, timeouts, dkim, options }: Opening): Promise<Transporter> {
  const [{ createTransport }, { writingStep }] = await Promise.all([import('nodemailer'), import('./writing.ts')]);
  const mailer = createTransport({
    ...connection(settings),
    connectionTimeout: timeouts.connect,
    greetingTimeout: timeouts.connect,
    dnsTimeout: timeouts.connect,
    socketTimeout: timeouts.silence,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...options,
  } as never) as unknown as Transporter;
  mailer.use('stream', writingStep(dkim) as never);
  return mailer;
}

/** What the library calls the settings of a mail server. */
function connection(settings: MailSettings): object {
  if ('url' in settings) return { url: settings.url };
  const { host, port, security, user, password } = settings;
  return {
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user ? { auth: { user, pass: password } } : {}),
  };
}

export function serverOf(settings: MailSettings): { host: string; port: string } {
  if (!('url' in settings)) return { host: settings.host, port: String(settings.port) };
  const { hostname, port, protocol } = new URL(settings.url);
  return { host: hostname, port: port || (protocol === 'smtps:' ? '465' : '587') };
}
