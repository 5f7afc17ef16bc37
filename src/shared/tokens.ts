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
  /** Bytes with 80 bits of HMAC in lower-case letters and digits, for places where case gets lost, such as addresses. */
  signCaseless(purpose: string, bytes: Uint8Array): string;
  /** The bytes that were signed for this purpose, or undefined for anything else. */
  verifyCaseless(purpose: string, token: string): Buffer | undefined;
}

const CASELESS_MAC_BYTES = 10;
/** RFC 4648, base32, without padding. */
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

function toBase32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => LETTERS[parseInt(five.padEnd(5, '0'), 2)]).join('');
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
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
      const known = checked.get(key);
      if (known !== undefined) return known;
      const id = check(purpose, token);
      if (checked.size >= MOST_CHECKED) checked.clear();
      if (id !== undefined) checked.set(key, id);
      return id;
    },
    mac: (purpose, text) => createHmac('sha256', keyFor(purpose)).update(text).digest('base64url'),
    signCaseless: (purpose, bytes) =>
      toBase32(Buffer.concat([bytes, macOf(purpose, bytes).subarray(0, CASELESS_MAC_BYTES)])),
    verifyCaseless(purpose, token) {
      const text = token.toLowerCase();
      if (!/^[a-z2-7]{17,200}$/.test(text)) return undefined;
      const signed = fromBase32(text);
      const bytes = signed.subarray(0, -CASELESS_MAC_BYTES);
      const mac = macOf(purpose, bytes).subarray(0, CASELESS_MAC_BYTES);
      const given = signed.subarray(-CASELESS_MAC_BYTES);
      return given.length === mac.length && timingSafeEqual(given, mac) && toBase32(signed) === text
        ? bytes
        : undefined;
    },
  };
}

/** The usual spelling of a UUID's 32 hexadecimal digits. */
export function asUuid(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Compares two secrets of the same kind without telling by time where they differ. */
export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
