/** No nesting and no unbounded repeats before the sign: whatever the text is, the time grows with its length only. */
const ADDRESS = /[^\s<>()[\]",;:@'`|]{1,64}@[a-z0-9\u0080-\uffff][a-z0-9\u0080-\uffff.-]{0,252}/giu;
const MACHINE =
  /^"?(?:(?:mailer-?daemon|mail-?daemon|po+st[-_.]?master|mdaemon|mailerdaemon|microsoftexchange[0-9a-f]*|system administrator|mail delivery subsystem)(?![a-z0-9])|mailer$)/i;

/** All addresses in a text, in their order, each once. */
export function addressesIn(text: string): string[] {
  const found = [...text.matchAll(ADDRESS)].map(([address]) => trimmed(address));
  return [...new Set(found)].filter((address) => /@[^@]*[^.@]\.[^.@]+/.test(address) && !isHidden(address));
}

const trimmed = (address: string) => address.replace(/^[=.*-]{1,9}/, '').replace(/[.-]{1,9}$/, '');

/** Complaint reports often hide who complained. */
const isHidden = (address: string) => /redacted|^x{3,}@|^\*+@|^undisclosed/i.test(address);

/** Whether mail servers write in this name. */
export function isMachine(address: string): boolean {
  return MACHINE.test(address.slice(0, Math.max(0, address.lastIndexOf('@'))) || address);
}

/**
 * The address in a report's field: 'rfc822; someone@example.com (comment)'. An original recipient is written in xtext
 * (RFC 3461, 4): '+2B' for a plus, '+3D' for an equals sign.
 */
export function addressInField(value: string): string {
  const plain = value
    .replace(/^[\w-]{1,20}\s?;/, '')
    .replace(/\+(2B|3D)/gi, (_, hex: string) => (hex === '3D' || hex === '3d' ? '=' : '+'));
  return addressesIn(plain)[0] ?? '';
}
