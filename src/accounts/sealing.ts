import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/** Keeps a secret of the business in the database so that the database alone does not give it away. */
interface Sealer {
  seal(text: string): string;
  /** Undefined for what another secret file has sealed, or somebody has changed. */
  open(sealed: string): string | undefined;
}

const IV_BYTES = 12;

/** AES-256-GCM under a key for this purpose, derived from the secret that is kept outside the database. */
export function createSealer(secret: Uint8Array, purpose: string): Sealer {
  const key = createHmac('sha256', secret).update(`sealed ${purpose}`).digest();
  return {
    seal(text) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(purpose));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return ['v1', ...[iv, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))].join('.');
    },
    open(text) {
      const [, iv, tag, sealed] = text.split('.').map((part) => Buffer.from(part, 'base64url'));
      if (!iv || !tag || !sealed) return undefined;
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(purpose)).setAuthTag(tag);
        return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}
