import { addressesIn, isMachine } from './addresses.ts';
import type { Fields } from './fields.ts';
import type { Mail } from './message.ts';

const MOST_RECIPIENTS = 50;
/** Where servers begin to speak of those whom they could not reach, after the header of what they return or a greeting. */
const ABOUT =
  /did not reach|following (?:recipient|address|e-?mail address|list of|user)|these recipient|(?:delivery|permanent|fatal|transient) (?:errors|problems|failures)|failed recipient|failure reasons|(?:not|couldn't) be delivered to|not delivered to|deliver(?:ed)? (?:your |the |a )?message to|recipients were affected/i;
const ADDRESS = String.raw`([^\s<>()"',;:]{1,64}@[^\s<>()"',;:@]{1,255})`;
/** What stands behind an address that stands at the beginning of its line. */
const REST = [
  String.raw`\s?[:.]`,
  String.raw`[ \t]?:\s.{0,400}`,
  String.raw`[ \t]{1,4}[([].{0,300}`,
  String.raw`\.{3} .{0,400}`,
  String.raw`; (?:failed|delayed|action).{0,200}`,
  String.raw` on \w{2,4},? .{0,100}`,
  String.raw` [-\u2013] .{0,300}`,
  String.raw`[ \t](?:invalid|unknown|no such|is|was|has|does|could|rejected|mailbox|user)\b.{0,300}`,
].join('|');
const ON_ITS_LINE = new RegExp(
  String.raw`^[ \t]{0,16}(?:[*\u2022-][ \t]?)?["'<]{0,2}(?:mailto:)?${ADDRESS}[>"']{0,2}(?:<mailto:[^\n>]{0,320}>)?(?:${REST})?[ \t]{0,16}$`,
  'gim',
);
const TO_LINE = new RegExp(String.raw`^[ \t]{0,16}to:[ \t]{0,16}<?(?:mailto:)?${ADDRESS}>?[ \t]{0,16}$`, 'gim');
/** After what is wrong with it, as in 'Unknown user: ...'. */
const LABELLED = new RegExp(
  String.raw`^[ \t]{0,16}(?!(?:to|cc|from|mail from|sender|reply-to|original sender|return-path|x-[\w-]{1,40})[ \t]?:)[a-z][a-z0-9' -]{2,50}:[ \t]{1,16}["'<]{0,2}${ADDRESS}[>"']{0,2}[ \t]{0,16}$`,
  'gim',
);
/** X.400, as old Exchange writes it. */
const IN_X400 = /\bSMTP=([^\s<>()"',;:=]{1,64}@[^\s<>()"',;:@]{1,255})/gi;
const NAMED = new RegExp(
  String.raw`(?:rcpt to|recipients?|address(?:es)?|delivered to|deliver(?:y)? to|empfänger|ontvanger|mottaker|to|an|aan|til)[^\n<@]{0,60}[\s<:("']([^\s<>()"',;:@]{1,64}@[^\s<>()"',;:@]{1,255})`,
  'gi',
);

/** Whom it is about: by the header, else alone on a line, else after a word such as 'recipient', else anybody named. */
export function recipientsIn(mail: Mail, said: string, returned: Fields | undefined): string[] {
  const ours = new Set(oursIn(mail).map((address) => address.toLowerCase()));
  const theirs = (texts: string[]) =>
    [...new Set(texts.flatMap(addressesIn))].filter((each) => !ours.has(each.toLowerCase()) && !isMachine(each));
  const matches = (pattern: RegExp, text: string) => theirs([...text.matchAll(pattern)].map((match) => match[1] ?? ''));
  const after = said.slice(Math.max(0, said.search(ABOUT)));
  const ways = [
    () => theirs(mail.fields.get('x-failed-recipients') ?? []),
    () => matches(IN_X400, after),
    () => matches(ON_ITS_LINE, after),
    () => matches(ON_ITS_LINE, said),
    () => matches(LABELLED, after),
    () => matches(NAMED, after).slice(0, 1),
    () => matches(NAMED, said).slice(0, 1),
    () => matches(TO_LINE, said),
    () => theirs([said]).slice(0, 1),
    () => theirs([mail.subject]).slice(0, 1),
    () => theirs(returnedTo(returned)).slice(0, 1),
    // Somebody wrote to themselves.
    () => [...after.matchAll(ON_ITS_LINE)].flatMap((match) => addressesIn(match[1] ?? '')).slice(0, 1),
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

const RETURNED_TO = ['to', 'x-envelope-to', 'x-original-to', 'delivered-to', 'envelope-to', 'x-rcpt-to'];

/** Whom the message that came back was for. */
export function returnedTo(returned: Fields | undefined): string[] {
  return RETURNED_TO.flatMap((name) => returned?.get(name) ?? []);
}
