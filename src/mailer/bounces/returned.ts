import { blockOf, first, type Fields } from './fields.ts';
import type { Mail } from './message.ts';

const RETURNED = new Set([
  'message/rfc822',
  'text/rfc822-headers',
  'message/global',
  'message/global-headers',
  'message/rfc822-headers',
  'text/rfc822',
]);

/** Where servers that put everything into one text begin with the message that they return. */
const CUT =
  /^(?:-{2,}\s?(?:this is a copy|below this line|(?:the )?(?:body|header|original)|returned m|undelivered message|un(?:sent|delivered) (?:message|mail)|your (?:original )?message|message header|copy of|start of|ursprüngliche|originalnachricht|oorspronkelijk|opprinnelig)|\|?-{3,}\s?(?:message header follows|message text follows)|original (?:message|mail)(?: headers| follows|:)|(?:below|here|included|attached) is (?:a copy|the (?:header|first))|(?:the )?header and top \d|message headers? follows?:|the original message (?:headers|follows)|old message:|return-path: ?<|received:\s?(?:from|by|\()\s?)/i;

/** What the server says of our own message, which is no reason: a subject may be of anything. */
const OURS = /^[ \t]{0,16}(?:subject|betreff|onderwerp|emne|objet|asunto|oggetto)[ \t]?:[^\n]{0,400}$/gim;

/** A text in two: what the server says, and what it returns. */
export function splitText(text: string): { said: string; returned: string } {
  const lines = text.split('\n');
  const at = lines.findIndex((line, i) => i > 0 && CUT.test(line.trimStart()));
  if (at < 0) return { said: text.replace(OURS, ''), returned: '' };
  return { said: lines.slice(0, at).join('\n').replace(OURS, ''), returned: lines.slice(at).join('\n') };
}

/** The header of the message that came back, as far as it came back. */
export function returnedFields(mail: Mail): Fields | undefined {
  const part = mail.parts.find(({ type, text }) => RETURNED.has(type) && text.trim() !== '');
  if (part) return blockOf(part.text);
  const { returned } = splitText(mail.text);
  const header = returned.search(/^(?:return-path|received|message-id|from|to|subject|date|dkim-signature)[ \t]*:/im);
  return header < 0 ? undefined : blockOf(returned.slice(header));
}

const TOKEN = /\+([a-z2-7]{48})@/i;
const ID = /<?([^\s<>"@]{1,200}@[^\s<>"@]{1,255})>?/;

/** The part of a return path that we sign, wherever the message names it. */
export function tokenIn(mail: Mail): string {
  const header = [...mail.fields.values()].flat();
  const texts = [...header, ...mail.parts.map(({ text }) => text), mail.text];
  return (
    texts
      .map((text) => TOKEN.exec(text)?.[1])
      .find((token) => token !== undefined)
      ?.toLowerCase() ?? ''
  );
}

/** The Message-ID of what came back or is answered, without brackets. */
export function messageIdIn(mail: Mail, returned: Fields | undefined): string {
  const { fields } = mail;
  const told = [
    first(returned, 'message-id'),
    first(fields, 'x-original-message-id'),
    first(fields, 'in-reply-to'),
    first(fields, 'references'),
    /^(?:original-)?message-id:\s?(.{1,400})$/im.exec(mail.text)?.[1] ?? '',
  ];
  return told.map((value) => ID.exec(value)?.[1]).find((id) => id !== undefined) ?? '';
}
