import { createHash, createHmac, createSecretKey, randomBytes, timingSafeEqual, type KeyObject } from 'node:crypto';

/** 256 random bits for links that are kept only as a hash (invitations of colleagues, password resets, access tokens). */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What the database keeps of a random token. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

const ID_BYTES = 16;
const MAC_BYTES = 16;
const MOST_CHECKED = 10_000;
const SIGNED = /^[A-Za-z0-9_-]{43}$/;

export interface Signer {
  /** A link token that names a row by its UUID: 43 URL-safe characters, useless without the secret. */
  sign(purpose: string, id: string): string;
  /** The UUID that was signed for this purpose, or undefined for anything else. */
  verify(purpose: string, token: string): string | undefined;
  /** A keyed hash of any text, for form tokens and suppression. */
  mac(purpose: string, text: string): string;
}

/** HMAC-SHA-256 under a key for each purpose, cut to 128 bits. The secret never enters the database. */
export function createSigner(secret: Uint8Array): Signer {
  const keys = new Map<string, KeyObject>();
  // A key object: made from bytes at every use, the key costs six times the hash.
  const keyFor = (purpose: string): KeyObject => {
    let key = keys.get(purpose);
    if (!key) keys.set(purpose, (key = createSecretKey(createHmac('sha256', secret).update(purpose).digest())));
    return key;
  };
  const macOf = (purpose: string, bytes: Uint8Array) =>
    createHmac('sha256', keyFor(purpose)).update(bytes).digest().subarray(0, MAC_BYTES);
  const check = (purpose: string, token: string): string | undefined => {
    if (!SIGNED.test(token)) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    const id = bytes.subarray(0, ID_BYTES);
    if (!timingSafeEqual(bytes.subarray(ID_BYTES), macOf(purpose, id))) return undefined;
    return bytes.toString('base64url') === token ? asUuid(id.toString('hex')) : undefined;
  };
  // Whoever follows a link asks for a dozen pages with it.
  const checked = new Map<string, string>();
  return {
    sign(purpose, id) {
      const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
      return Buffer.concat([bytes, macOf(purpose, bytes)]).toString('base64url');
    },
    verify(purpose, token) {
      const key = `${purpose} ${token}`;
      const id = checked.get(key) ?? check(purpose, token);
      if (checked.size >= MOST_CHECKED) checked.clear();
      if (id !== undefined) checked.set(key, id);
      return id;
    },
    mac: (purpose, text) => createHmac('sha256', keyFor(purpose)).update(text).digest('base64url'),
  };
}

function asUuid(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Compares two secrets of the same kind without telling by time where they differ. */
export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
