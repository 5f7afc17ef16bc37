/** Gets a text over HTTPS. @throws for anything but 200, and for what is longer or takes longer than it may */
export type FetchText = (address: string) => Promise<string>;

const PATIENCE_MS = 8000;
const MOST_BYTES = 64 * 1024;

/** Follows nothing to anywhere else. */
export const fetchText: FetchText = async (address) => {
  const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) });
  if (response.status !== 200 || response.body === null) throw new Error(`answered with ${response.status}`);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new Error('answered with too much');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
};
