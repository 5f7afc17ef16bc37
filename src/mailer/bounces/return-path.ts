import { asUuid, type Signer } from '../../shared/tokens.ts';
import { addressKeyOf } from './address-key.ts';

const PURPOSE = 'return path';
const ID_BYTES = 16;
/** As much of the address's key as says whether a report is about the address that we wrote to. */
const TAG_BYTES = 4;

/** What a return path of ours says. */
export interface SentMail {
  mailId: string;
  /** Whether that was the address. */
  isTo(address: string): boolean;
}

/** `bounces@example.com` becomes `bounces+TOKEN@example.com`: it names the mail and, by a tag, whom it went to. */
export function returnPathFor(signer: Signer, bounceAddress: string, mailId: string, recipient: string): string {
  const id = Buffer.from(mailId.replaceAll('-', ''), 'hex');
  const token = signer.signCaseless(PURPOSE, Buffer.concat([id, tagOf(signer, recipient)]));
  return taggedAddress(bounceAddress, token);
}

/** `bounces@example.com` with `c.TOKEN` becomes `bounces+c.TOKEN@example.com`. */
export function taggedAddress(address: string, tag: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}+${tag}${address.slice(at)}`;
}

/** What the token names, where it is one of ours. */
export function readToken(signer: Signer, token: string): SentMail | undefined {
  const bytes = token === '' ? undefined : signer.verifyCaseless(PURPOSE, token);
  if (bytes?.length !== ID_BYTES + TAG_BYTES) return undefined;
  const tag = bytes.subarray(ID_BYTES);
  return {
    mailId: asUuid(bytes.subarray(0, ID_BYTES).toString('hex')),
    isTo: (address) => tag.equals(tagOf(signer, address)),
  };
}

function tagOf(signer: Signer, address: string): Buffer {
  return Buffer.from(addressKeyOf(signer, address), 'base64url').subarray(0, TAG_BYTES);
}
