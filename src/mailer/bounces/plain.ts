import { isMachine } from './addresses.ts';
import { causeOf, isHard, replied, replyClassIn, statusIn } from './causes.ts';
import { first, type Fields } from './fields.ts';
import type { Mail } from './message.ts';
import { ARRIVED, DELAYED } from './phrases.ts';
import type { Verdict } from './reading.ts';
import { recipientsIn } from './recipients.ts';
import { splitText } from './returned.ts';

const SUBJECT =
  /undeliver|message you sent (?:was )?(?:blocked|quarantined|rejected)|non[- ]?deliver|returned (?:mail|to sender)|mail ?(?:delivery)? ?(?:failed|failure|error|system|warning)|failed mail\b|delivery (?:status|failure|failed|problem|has failed|notification|report|error|delayed)|failure notice|(?:could|can)(?: ?not|n't) be delivered|not delivered|message (?:status|delayed)|warning: (?:message|could not send)|unzustellbar|zustell(?:ung|bericht|fehler)|nicht zugestellt|onbestelbaar|niet (?:bezorgd|afgeleverd|bezorgbaar)|bezorgfout|(?:kan|kunne|ble) ikke (?:levere|sende|levert)|ikke levert|uleverbar|leverings(?:feil|rapport)|kunne ikke leveres|verzögert:|vertraagd:|forsinket:|fördröjd:|kan inte levereras|ikke leveres|toimitus epäonnistui|non recapitabile|non remis|non distribu|no se (?:ha )?(?:puede|podido|pudo) entregar|mancato recapito|mancata consegna|não entregue|niedostarcz|nedoručiteln|недостав|не доставлен|退信|退回|投递失败|发送失败|エラー通知|配信できません|配信(?:不能|エラー)|送信できません/iu;
const NAME =
  /mail ?(?:er)?[ -]?(?:delivery)?[ -]?(?:sub)?system|mail(?:er)?[ -]?daemon|mail administrator|system ?administrator|postmaster|postmeister|mail delivery/i;
const MARKERS =
  /qmail-send program|this is a permanent error|(?:has|been|was|mail) returned\b|(?:returned|failed|undelivered) (?:mail|message|recipients?)|created automatically by (?:the )?mail delivery (?:software|system)|this is the mail system at|i(?:'m| am) sorry to have to inform you|following address(?:es)? (?:had|failed)|delivery (?:has failed )?to (?:these|the following) (?:recipient|address)|did not reach (?:some or all of )?the|wasn't delivered to|(?:was|were) not delivered to|unable to deliver (?:your|the) message|(?:could|can)(?: ?not|n't) be delivered|transcript of session follows|failed addresses follow|undeliverable to|konnte (?:leider )?(?:nicht|an .{0,80} nicht) zugestellt|nicht zugestellt werden|niet (?:worden )?(?:bezorgd|afgeleverd)|kunne ikke leveres|kan ikke leveres|ble ikke levert|address not found|couldn't be delivered|noch nicht zugestellt|kon niet worden|schlug fehl|fatal delivery error|unsuccessful delivery attempts|(?:could|did|was) not deliver|undeliverable (?:mail|message)|returned to (?:you|sender)|无法(?:投递|发送|送达|传递)|не может быть доставлено|送信できません/iu;

/** Of those above, what people write of parcels and letters, too; and what only the program of a mail server says. */
const BY_PROGRAM =
  /qmail-send program|created automatically by (?:the )?mail delivery (?:software|system)|this is the mail system at|i(?:'m| am) sorry to have to inform you|following address(?:es)? (?:had|failed)|delivery (?:has failed )?to (?:these|the following) (?:recipient|address)|did not reach (?:some or all of )?the|transcript of session follows|failed addresses follow|fatal delivery error|unsuccessful delivery attempts|could not be delivered to(?::\s{0,9}| the following )(?:<|\S{1,64}@|users?\b|recipients?\b)|(?:not delivered to|deliver message to) the following|failed recipients?\b|non-delivery report|delivery attempts will continue|rcpt to:\s?<|spam firewall|diese nachricht wurde automatisch|automatisch (?:gegenereerd|erstellt|generert)|e-?mail delivery failure/i;

/**
 * Whether a server wrote it to say that something did not arrive: by its sender or its subject, and one sign more.
 * Customers write of parcels that were not delivered: where the sender is nobody's server, the sign must be one that
 * people do not give.
 */
export function isBounce(mail: Mail): boolean {
  const { fields, subject, text } = mail;
  if (fields.has('x-failed-recipients') || isReport(mail)) return true;
  const start = text.slice(0, 4000);
  const named = SUBJECT.test(subject) && !/^(?:re|aw|antw|sv|fwd?|wg)\s?:/i.test(subject);
  const signs = [
    BY_PROGRAM.test(start),
    statusIn(start) !== '',
    SMTP.test(start),
    // Answers by machines come from nowhere too.
    first(fields, 'return-path').trim() === '<>',
  ];
  if (!isByDaemon(mail)) return (named && signs.includes(true)) || (BY_PROGRAM.test(start) && returnsIt(mail));
  return named || MARKERS.test(start) || replyClassIn(start) !== '' || signs.includes(true) || isAboutAddress(start);
}

/** Whatever has become of the report itself. */
const isReport = ({ fields }: Mail) =>
  ['content-type', 'x-announced-type']
    .flatMap((name) => fields.get(name) ?? [])
    .some((type) => /^multipart\/report.{0,300}delivery-status/i.test(type));

const returnsIt = ({ parts }: Mail) => parts.some(({ type }) => type === 'message/rfc822' || type.endsWith('-headers'));

/** An answer of one server to another, which people do not quote. */
const SMTP = /\b(?:smtp|said|host|server|remote)\b[^\n]{0,80}\b(?:4[25]\d|5[02-57]\d)\b/i;

function isByDaemon({ fields, sender }: Mail): boolean {
  if (isMachine(sender.address) || NAME.test(sender.name)) return true;
  return sender.address === '' && /<>|daemon|postmaster|mail delivery/i.test(first(fields, 'from'));
}

function isAboutAddress(text: string): boolean {
  const cause = causeOf('', text);
  return cause === 'no_such_address' || cause === 'no_such_domain' || cause === 'disabled' || cause === 'full';
}

/** What servers without a report part write in their own words; empty where they do not say enough. */
export function readPlain(mail: Mail, returned: Fields | undefined): Verdict[] {
  // A few write all that they say into the subject. Where there is a text, the subject repeats ours.
  const said = mail.text.trim() === '' ? mail.subject : splitText(mail.text).said;
  const recipients = recipientsIn(mail, said, returned);
  const [recipient = '', ...others] = recipients;
  const words = partAbout(recipient, said, others);
  const verdict = verdictOf(recipient, words, mail);
  if (verdict.recipient === '' && verdict.status === '' && verdict.cause === 'unspecified') return [];
  return [verdict, ...others.map((other) => verdictOf(other, partAbout(other, said, recipients), mail))];
}

function verdictOf(recipient: string, words: string, mail: Mail): Verdict {
  const status = statusIn(words);
  if (ARRIVED.test(mail.subject) || (status === '' && ARRIVED.test(words) && !isBounceWord(words))) {
    return { recipient, kind: 'other', cause: 'delivered', status };
  }
  if (status[0] !== '5' && (DELAYED.test(mail.subject) || DELAYED.test(words.slice(0, 1500)))) {
    return { recipient, kind: 'soft', cause: 'delayed', status };
  }
  const cause = causeOf(status, words);
  const hard = isHard(cause, status[0] ?? replyClassIn(words), `${mail.subject} ${words}`);
  return { recipient, kind: hard ? 'hard' : 'soft', cause, status, ...replied(status, words) };
}

const isBounceWord = (words: string) => /\bnot\b|n't|fail|nicht|niet|ikke|unable/i.test(words);

const MOST_WORDS = 6000;

/** From the address's line to that of the next one; the whole where there is only one. */
function partAbout(recipient: string, said: string, others: string[]): string {
  const rest = others.filter((other) => other !== recipient);
  if (recipient === '' || rest.length === 0) return said.slice(0, MOST_WORDS);
  const lineOf = (address: string, after: number) => {
    const at = said.indexOf(address, after);
    return at < 0 ? -1 : said.lastIndexOf('\n', at) + 1;
  };
  const from = Math.max(0, lineOf(recipient, 0));
  const next = rest.map((other) => lineOf(other, from + recipient.length)).filter((at) => at > from);
  return said.slice(from, Math.min(from + MOST_WORDS, ...next));
}
