const HERE = 'http://here.invalid';
const LONGEST = 1000;

/** Where to go after signing in: a path of ours, never another site; the start page for anything else. */
export function localPath(wanted: unknown): string {
  if (typeof wanted !== 'string' || wanted.length > LONGEST || !/^\/(?![/\\])[\x21-\x7e]*$/.test(wanted)) return '/';
  if (wanted.includes('\\') || !URL.canParse(wanted, HERE)) return '/';
  const { origin, pathname, search } = new URL(wanted, HERE);
  return origin === HERE && !pathname.startsWith('//') && !/^\/sign-(in|out)$/.test(pathname) ? pathname + search : '/';
}
