/** Whether an address opens on this computer alone: a link that begins with it leads nobody else anywhere. */
export function opensOnlyHere(address: string): boolean {
  const { hostname } = new URL(address);
  return /^(localhost|.*\.localhost|127\..*|\[::1\])$/.test(hostname);
}
