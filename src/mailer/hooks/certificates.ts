import { X509Certificate, type KeyObject } from 'node:crypto';
import type { Clock } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import { timestamp } from '../../shared/clock.ts';
import type { FetchText } from './fetch-text.ts';
import { isOn, type SnsHost } from './sns.ts';

/** The certificate could not be had now; the same message may come again. */
export class NotNow extends Error {}

interface Certificates {
  /**
   * The key of the certificate at that address; undefined for one that is not Amazon's SNS.
   * @throws NotNow where it cannot be fetched
   */
  keyFor(host: SnsHost, address: string): Promise<KeyObject | undefined>;
}

const PATH = /^\/SimpleNotificationService-[A-Za-z0-9]{1,64}\.pem$/;
const MOST_KEPT = 8;
const KEPT_MINUTES = 24 * 60;
/** Made-up addresses must not make us knock at Amazon's door all day. */
const MOST_FETCHES = 10;
const FETCHES_MINUTES = 10;

interface Kept {
  key: KeyObject | undefined;
  until: string;
}

/**
 * The certificates with which SNS signs, kept for a day. They come over TLS from Amazon's own host, which is what their
 * authenticity rests on: Amazon publishes each alone, without its chain.
 */
export function createCertificates(fetchText: FetchText, clock: Clock): Certificates {
  const kept = new Map<string, Kept>();
  const underWay = new Map<string, Promise<Kept>>();
  let fetches: string[] = [];

  async function fetchKept(host: SnsHost, address: string): Promise<Kept> {
    const now = timestamp(clock);
    fetches = fetches.filter((at) => at > addMinutes(now, -FETCHES_MINUTES));
    if (fetches.length >= MOST_FETCHES) throw new NotNow('too many certificates');
    fetches.push(now);
    const pem = await fetchText(address).catch(({ message }: Error) => {
      throw new NotNow(message);
    });
    const fetched = { key: keyIn(pem, host, clock), until: addMinutes(now, KEPT_MINUTES) };
    if (kept.size >= MOST_KEPT) kept.delete([...kept.keys()][0] ?? '');
    kept.set(address, fetched);
    return fetched;
  }

  return {
    async keyFor(host, address) {
      if (!isOn(host, address, PATH) || new URL(address).search !== '') return undefined;
      const known = kept.get(address);
      if (known && known.until > timestamp(clock)) return known.key;
      kept.delete(address);
      const fetching = underWay.get(address) ?? fetchKept(host, address).finally(() => underWay.delete(address));
      underWay.set(address, fetching);
      return (await fetching).key;
    },
  };
}

function keyIn(pem: string, host: SnsHost, clock: Clock): KeyObject | undefined {
  const certificate = readCertificate(pem);
  if (!certificate || certificate.ca || certificate.publicKey.asymmetricKeyType !== 'rsa') return undefined;
  const now = clock.now();
  if (now < new Date(certificate.validFrom) || now > new Date(certificate.validTo)) return undefined;
  return namesOf(host).some((name) => certificate.checkHost(name) !== undefined) ? certificate.publicKey : undefined;
}

function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** Whom SNS's certificates are issued to: everywhere the same, but in newer regions, in China and for governments. */
function namesOf({ region, domain, name }: SnsHost): string[] {
  const regional = [name, `sns-signing.${region}.${domain}`, `sns-${region}.${domain}`];
  return [
    'sns.amazonaws.com',
    ...regional,
    ...(region.startsWith('us-gov-') ? ['sns-us-gov-west-1.amazonaws.com'] : []),
  ];
}
