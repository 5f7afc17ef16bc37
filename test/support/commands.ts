/** The arguments of Node with which `npm start` and `npx comeback` run; from the repository's root. */
export const QUICK = ['--max-semi-space-size=8', '--import', './bin/quick-start.js'];

export const SERVER = [...QUICK, 'src/server.ts'];
export const COMEBACK = [...QUICK, 'src/cli.ts'];
