import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** scrypt's cost: 2^logN blocks of 128 r bytes, p times over. */
export interface PasswordCost {
  logN: number;
  r: number;
  p: number;
}

/** 32 MiB and about a sixth of a second each. Source: OWASP, Password Storage Cheat Sheet (equal to N=2^17, p=1). */
const STANDARD_COST: PasswordCost = { logN: 15, r: 8, p: 3 };

export interface Passwords {
  /** 'scrypt$logN$r$p$salt$key', so that the cost can rise later. */
  hash(password: string): Promise<string>;
  /** Takes as long for an account that is not there; `weak` asks for a new hash at today's cost. */
  verify(password: string, stored: string | null | undefined): Promise<{ matches: boolean; weak: boolean }>;
}

const SALT_BYTES = 16;
const KEY_BYTES = 32;
const AT_ONCE = 2;
const NOBODYS_SALT = Buffer.alloc(SALT_BYTES);

export function createPasswords(cost: PasswordCost = STANDARD_COST): Passwords {
  const oneOfFew = atMost(AT_ONCE);
  const keyOf = (password: string, salt: Buffer, at: PasswordCost) => oneOfFew(() => derive(password, salt, at));
  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      return format(cost, salt, await keyOf(password, salt, cost));
    },
    async verify(password, stored) {
      const parsed = parse(stored);
      const key = await keyOf(password, parsed?.salt ?? NOBODYS_SALT, parsed?.cost ?? cost);
      if (!parsed) return { matches: false, weak: false };
      return { matches: timingSafeEqual(key, parsed.key), weak: isWeaker(parsed.cost, cost) };
    },
  };
}

function derive(password: string, salt: Buffer, { logN, r, p }: PasswordCost): Promise<Buffer> {
  const options = { N: 2 ** logN, r, p, maxmem: 2 * 128 * r * 2 ** logN };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

function format({ logN, r, p }: PasswordCost, salt: Buffer, key: Buffer): string {
  return ['scrypt', logN, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

function parse(stored: string | null | undefined): { cost: PasswordCost; salt: Buffer; key: Buffer } | undefined {
  const [scheme, logN, r, p, salt, key] = (stored ?? '').split('$');
  if (scheme !== 'scrypt' || !salt || !key) return undefined;
  return {
    cost: { logN: Number(logN), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    key: Buffer.from(key, 'base64url'),
  };
}

function isWeaker(than: PasswordCost, today: PasswordCost): boolean {
  return than.logN < today.logN || than.r < today.r || than.p < today.p;
}

/** Each run holds 32 MiB: whoever signs in while two do waits a moment, instead of filling the memory. */
function atMost(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= limit) await new Promise<void>((turn) => waiting.push(turn));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
