/** RFC 2369 and RFC 8058: the mail program's own button, one POST to the same page. */
export function unsubscribeHeaders(href: string): Record<string, string> {
  return { 'List-Unsubscribe': `<${href}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

/** RFC 5322, 3.6.4: what this message belongs to. */
export function threadHeaders(messageId: string | undefined): Record<string, string> {
  return messageId === undefined ? {} : { 'In-Reply-To': `<${messageId}>`, References: `<${messageId}>` };
}
