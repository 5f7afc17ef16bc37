import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** DER (X.690): a tag, the length, the content. */
function der(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.from(body.length.toString(16).padStart(4, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x82]), length, body]);
}

const sequence = (...content: Uint8Array[]) => der(0x30, ...content);
const text = (tag: number, value: string) => der(tag, Buffer.from(value));
const time = (at: string) => text(0x17, `${at.replace(/[-:T]|\.\d+/g, '').slice(2, 14)}Z`);
const RSA_SHA256 = sequence(der(0x06, Buffer.from('2a864886f70d01010b', 'hex')), der(0x05));
const COMMON_NAME = der(0x06, Buffer.from('550403', 'hex'));
const nameOf = (commonName: string) => sequence(der(0x31, sequence(COMMON_NAME, text(0x0c, commonName))));

export interface Signing {
  key: KeyObject;
  pem: string;
}

/** A certificate that signs itself (RFC 5280), with the key that belongs to it. */
export function certificateFor(
  commonName: string,
  { from = '2026-01-01T00:00:00.000Z', to = '2027-01-01T00:00:00.000Z' } = {},
): Signing {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const body = sequence(
    der(0x02, Buffer.from([1])),
    RSA_SHA256,
    nameOf(commonName),
    sequence(time(from), time(to)),
    nameOf(commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]);
  const certificate = sequence(body, RSA_SHA256, der(0x03, signature));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return { key: privateKey, pem: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n` };
}
