import { openMailer, serverOf, type Timeouts } from './connection.ts';
import type { MailSettings, Message, TestResult } from './message.ts';
import { oneAddress, reasonOf, type DeliveryError } from './rules.ts';
import type { Dkim } from './signing.ts';
import { mailOptions } from './transport.ts';

type TestError = DeliveryError & { originalCode?: string; cause?: { code?: string }; errno?: string | number };

/** Sends one message over a connection of its own and says what is wrong so that a person can mend it. */
export async function sendTest(
  settings: MailSettings,
  message: Message,
  messageId: string,
  { connect }: Timeouts,
  dkim?: Dkim,
): Promise<TestResult> {
  const [recipient, from] = [oneAddress(message.to.address), oneAddress(settings.from)];
  if (recipient === undefined) return { ok: false, key: 'mail.test.badRecipient', values: {} };
  if (from === undefined) return { ok: false, key: 'mail.test.badSender', values: { from: settings.from } };
  const timeouts = { connect, silence: connect * 2 };
  const transport = await openMailer({ settings, timeouts, dkim });
  try {
    await transport.sendMail(mailOptions({ message, recipient, messageId }, from) as never);
    return { ok: true };
  } catch (error) {
    return { ok: false, ...explain(error as TestError, serverOf(settings), { from, to: recipient }) };
  } finally {
    transport.close();
  }
}

/** The message key that says what a person has to look at. */
function explain(
  error: TestError,
  server: { host: string; port: string },
  { from, to }: { from: string; to: string },
): { key: string; values: Record<string, string> } {
  const values = { ...server, from, to, reason: reasonOf(error) };
  return { key: `mail.test.${causeOf(error)}`, values };
}

/** Microsoft's word where SMTP is not allowed to the mailbox or to anybody, whatever the password is. */
const LOGIN_OFF = /SmtpClientAuthentication is disabled|basic authentication is (?:disabled|not supported)/i;
/** Amazon SES, Mailgun and Postmark of a domain, an address or a new account that they do not trust yet. */
const NOT_VERIFIED = /\b(?:not|un)[ -]?verified|sandbox|authorized recipients|sender signature/i;

function causeOf(error: TestError): string {
  const system = String(error.originalCode ?? error.errno ?? error.cause?.code ?? '');
  const command = error.command ?? '';
  if (error.code === 'EDNS' || /ENOTFOUND|EAI_AGAIN/.test(system)) return 'nameNotFound';
  if (LOGIN_OFF.test(error.response ?? '')) return 'loginOff';
  if (NOT_VERIFIED.test(error.response ?? '')) return 'notVerified';
  if (error.code === 'EAUTH' || error.code === 'ENOAUTH' || command.startsWith('AUTH')) return 'loginRefused';
  if (isAboutCertificate(error)) return 'certificate';
  if (error.code === 'ETLS' || isAboutTls(error, system)) return 'tls';
  if (error.code === 'ETIMEDOUT') return 'noAnswer';
  if (command.startsWith('MAIL FROM')) return needsLogin(error) ? 'loginNeeded' : 'senderRefused';
  if (command.startsWith('RCPT TO')) return needsLogin(error) ? 'loginNeeded' : 'recipientRefused';
  if (command.startsWith('DATA')) return 'messageRefused';
  if (/ECONNREFUSED/.test(system) || /ECONNREFUSED/.test(String((error as unknown as Error).message))) return 'refused';
  if (error.code === 'ECONNECTION' || error.code === 'ESOCKET') return 'broken';
  return 'unknown';
}

/** As Node words them: self-signed, expired, of another name, from nobody known. */
const isAboutCertificate = (error: TestError) =>
  error.responseCode === undefined && /certificate/i.test((error as unknown as Error).message);

const isAboutTls = (error: TestError, system: string) =>
  /CERT|SSL|TLS|SELF_SIGNED|EPROTO/.test(`${system} ${(error as unknown as Error).message.toUpperCase()}`) &&
  (error.code === 'ESOCKET' || error.code === 'ECONNECTION');

const needsLogin = ({ responseCode }: TestError) => responseCode === 530;
