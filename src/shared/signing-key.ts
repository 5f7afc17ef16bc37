import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Receivers take shorter ones for none (RFC 8301, 3.2). */
const LEAST_RSA_BITS = 1024;

/** Why a key file cannot sign mail, in words for whoever runs the program. */
export class KeyProblem extends Error {}

/**
 * The private key in a PEM file, RSA or Ed25519.
 * @throws KeyProblem for a file that cannot be read, another kind of key, or a key that does not sign
 */
export function readSigningKey(path: string): KeyObject {
  const key = parse(path);
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type !== 'rsa' && type !== 'ed25519') throw new KeyProblem(`must hold an RSA or an Ed25519 key, not ${type}`);
  if (type === 'rsa' && (details?.modulusLength ?? 0) < LEAST_RSA_BITS)
    throw new KeyProblem(`must hold an RSA key of at least ${LEAST_RSA_BITS} bits`);
  try {
    sign(type === 'rsa' ? 'sha256' : null, Buffer.from('a try'), key);
  } catch {
    throw new KeyProblem('holds a key that cannot sign');
  }
  return key;
}

function parse(path: string): KeyObject {
  let text: Buffer;
  try {
    text = readFileSync(path);
  } catch {
    throw new KeyProblem(`cannot be read (${path})`);
  }
  try {
    return createPrivateKey(text);
  } catch {
    throw new KeyProblem('holds no private key in PEM form, or one that is locked by a password');
  }
}

/** The record under SELECTOR._domainkey.DOMAIN that lets receivers check the signatures (RFC 6376, RFC 8463). */
export function dkimRecord(key: KeyObject): string {
  const publicKey = createPublicKey(key);
  if (key.asymmetricKeyType === 'rsa') {
    return `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
  }
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return `v=DKIM1; k=ed25519; p=${Buffer.from(x, 'base64url').toString('base64')}`;
}
