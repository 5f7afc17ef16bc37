import { addressesIn, isMachine } from './addresses.ts';
import { causeOf, isHard, replyClassIn, statusIn } from './causes.ts';
import { first, type Fields } from './fields.ts';
import type { Mail } from './message.ts';
import { ARRIVED, DELAYED } from './phrases.ts';
import type { Verdict } from './reading.ts';
import { splitText } from './returned.ts';

const SUBJECT =
  /undeliver|message you sent (?:was )?(?:blocked|quarantined|rejected)|non[- ]?deliver|returned (?:mail|to sender)|mail ?(?:delivery)? ?(?:failed|failure|error|system)|delivery (?:status|failure|failed|problem|has failed|notification|report|error|delayed)|failure notice|(?:could|can)(?: ?not|n't) be delivered|not delivered|message (?:status|delayed)|warning: (?:message|could not send)|unzustellbar|zustell(?:ung|bericht|fehler)|nicht zugestellt|onbestelbaar|niet (?:bezorgd|afgeleverd|bezorgbaar)|bezorgfout|(?:kan|kunne|ble) ikke (?:levere|sende|levert)|ikke levert|uleverbar|leverings(?:feil|rapport)|kunne ikke leveres|non remis|non distribu|no se (?:ha )?(?:puede|podido|pudo) entregar|mancato recapito|mancata consegna|não entregue|niedostarcz|nedoručiteln|недостав|не доставлен|退信|配信(?:不能|エラー)|送信できません/iu;
const NAME =
  /mail ?(?:er)?[ -]?(?:delivery)?[ -]?(?:sub)?system|mail(?:er)?[ -]?daemon|mail administrator|system ?administrator|postmaster|postmeister|mail delivery/i;
const MARKERS =
  /qmail-send program|created automatically by (?:the )?mail delivery (?:software|system)|this is the mail system at|i(?:'m| am) sorry to have to inform you|following address(?:es)? (?:had|failed)|delivery (?:has failed )?to (?:these|the following) (?:recipient|address)|did not reach (?:some or all of )?the|wasn't delivered to|(?:was|were) not delivered to|unable to deliver (?:your|the) message|(?:could|can)(?: ?not|n't) be delivered|transcript of session follows|failed addresses follow|undeliverable to|konnte (?:leider )?(?:nicht|an .{0,80} nicht) zugestellt|nicht zugestellt werden|niet (?:worden )?(?:bezorgd|afgeleverd)|kunne ikke leveres|kan ikke leveres|ble ikke levert|address not found|couldn't be delivered|kon niet worden|schlug fehl|fatal delivery error|unsuccessful delivery attempts|(?:could|did|was) not deliver|undeliverable (?:mail|message)|returned to (?:you|sender)/i;

/** Of those above, what people write of parcels and letters, too; and what only the program of a mail server says. */
const BY_PROGRAM =
  /qmail-send program|created automatically by (?:the )?mail delivery (?:software|system)|this is the mail system at|i(?:'m| am) sorry to have to inform you|following address(?:es)? (?:had|failed)|delivery (?:has failed )?to (?:these|the following) (?:recipient|address)|did not reach (?:some or all of )?the|transcript of session follows|failed addresses follow|fatal delivery error|unsuccessful delivery attempts|spam firewall|diese nachricht wurde automatisch|automatisch (?:gegenereerd|erstellt|generert)|e-?mail delivery failure/i;

/**
 * Whether a server wrote it to say that something did not arrive: by its sender or its subject, and one sign more.
 * Customers write of parcels that were not delivered: where the sender is nobody's server, the sign must be one that
 * people do not give.
 */
export function isBounce(mail: Mail): boolean {
  if (mail.fields.has('x-failed-recipients')) return true;
  const daemon = isMachine(mail.sender.address) || NAME.test(mail.sender.name);
  const start = mail.text.slice(0, 4000);
  const subject = SUBJECT.test(mail.subject) && !/^(?:re|aw|antw|sv|fwd?|wg)\s?:/i.test(mail.subject);
  const signs = [
    BY_PROGRAM.test(start),
    statusIn(start) !== '',
    // Answers by machines come from nowhere too.
    first(mail.fields, 'return-path').trim() === '<>',
  ];
  if (daemon) return subject || MARKERS.test(start) || replyClassIn(start) !== '' || signs.includes(true);
  return subject && signs.includes(true);
}

/** What servers without a report part write in their own words; empty where they do not say enough. */
export function readPlain(mail: Mail, returned: Fields | undefined): Verdict[] {
  const { said } = splitText(mail.text);
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
  return { recipient, kind: hard ? 'hard' : 'soft', cause, status };
}

const isBounceWord = (words: string) => /\bnot\b|n't|fail|nicht|niet|ikke|unable/i.test(words);

const MOST_RECIPIENTS = 50;
const ON_ITS_LINE =
  /^\s{0,16}(?:to:\s{0,9})?<?(?:mailto:)?([^\s<>()"',;:]{1,64}@[^\s<>()"',;:@]{1,255})>?(?:\s?[:.]|\s{1,4}\(.{0,200}|\.{3} .{0,400})?\s{0,16}$/gim;
const NAMED =
  /(?:rcpt to|recipients?|address(?:es)?|delivered to|deliver(?:y)? to|empfänger|ontvanger|mottaker|to|an|aan|til)[^\n<@]{0,60}[\s<:("']([^\s<>()"',;:@]{1,64}@[^\s<>()"',;:@]{1,255})/gi;

/** Whom it is about: by the header, else alone on a line, else after a word such as 'recipient', else anybody named. */
function recipientsIn(mail: Mail, said: string, returned: Fields | undefined): string[] {
  const ours = new Set(oursIn(mail).map((address) => address.toLowerCase()));
  const theirs = (texts: string[]) =>
    [...new Set(texts.flatMap(addressesIn))].filter((each) => !ours.has(each.toLowerCase()) && !isMachine(each));
  const ways = [
    () => theirs(mail.fields.get('x-failed-recipients') ?? []),
    () => theirs([...said.matchAll(ON_ITS_LINE)].map((match) => match[1] ?? '')),
    () => theirs([...said.matchAll(NAMED)].map((match) => match[1] ?? '')).slice(0, 1),
    () => theirs([said]).slice(0, 1),
    () => theirs(returned?.get('to') ?? []).slice(0, 1),
  ];
  for (const way of ways) {
    const found = way();
    if (found.length > 0) return found.slice(0, MOST_RECIPIENTS);
  }
  return [];
}

const OURS = ['to', 'delivered-to', 'x-original-to', 'envelope-to', 'from', 'sender', 'reply-to'];

function oursIn(mail: Mail): string[] {
  return OURS.flatMap((name) => mail.fields.get(name) ?? []).flatMap(addressesIn);
}

const MOST_WORDS = 6000;

/** From the address to the next one that it is about; the whole where there is only one. */
function partAbout(recipient: string, said: string, others: string[]): string {
  if (recipient === '' || others.filter((other) => other !== recipient).length === 0) return said.slice(0, MOST_WORDS);
  const from = Math.max(0, said.indexOf(recipient));
  const next = others.map((other) => said.indexOf(other, from + recipient.length)).filter((at) => at > from);
  return said.slice(from, Math.min(from + MOST_WORDS, ...next));
}
