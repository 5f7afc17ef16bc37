import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** What a client of a mailbox for returned mail needs of RFC 3501, on a real socket. */
export interface ImapServer {
  url: string;
  messages: { source: Buffer; seen: boolean }[];
  /** How often somebody signed in. */
  logins: number;
  /** Cuts the line instead of answering a command that begins like this. */
  cutAt: string | undefined;
  /** Waited for before a command is answered. */
  before: ((line: string) => Promise<void> | undefined) | undefined;
  close(): Promise<void>;
}

export async function startImap(): Promise<ImapServer> {
  const sockets = new Set<Socket>();
  // Answers leave at once: in parts, each would wait 40 ms for the one before to be acknowledged.
  const server: Server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    talk(socket, imap);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  const imap: ImapServer = {
    url: `imap://returned%40example.com:secret@127.0.0.1:${port}/INBOX`,
    messages: [],
    logins: 0,
    cutAt: undefined,
    before: undefined,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
  return imap;
}

function talk(socket: Socket, imap: ImapServer): void {
  let waiting = '';
  let answered = Promise.resolve();
  socket.write('* OK [CAPABILITY IMAP4rev1] ready\r\n');
  socket.on('data', (chunk) => {
    waiting += chunk.toString('latin1');
    answered = answered.then(answer);
  });
  async function answer(): Promise<void> {
    for (let end = waiting.indexOf('\r\n'); end >= 0; end = waiting.indexOf('\r\n')) {
      const line = waiting.slice(0, end);
      waiting = waiting.slice(end + 2);
      if (imap.cutAt !== undefined && line.includes(imap.cutAt)) return void socket.destroy();
      await imap.before?.(line);
      for (const answer of answersTo(line, imap)) socket.write(answer);
      if (/^\S+ LOGOUT/i.test(line)) socket.end();
    }
  }
}

function answersTo(line: string, imap: ImapServer): (string | Buffer)[] {
  const [tag = '', ...rest] = line.split(' ');
  const command = rest.join(' ');
  const ok = (words: string) => `${tag} OK ${words}\r\n`;
  if (/^CAPABILITY/i.test(command)) return ['* CAPABILITY IMAP4rev1\r\n', ok('done')];
  if (/^LOGIN/i.test(command)) {
    imap.logins++;
    return [command.includes('secret') ? ok('signed in') : `${tag} NO [AUTHENTICATIONFAILED] no\r\n`];
  }
  if (/^NAMESPACE/i.test(command)) return ['* NAMESPACE (("" "/")) NIL NIL\r\n', ok('done')];
  if (/^(LIST|LSUB)/i.test(command)) return ['* LIST (\\HasNoChildren) "/" INBOX\r\n', ok('done')];
  if (/^(SELECT|EXAMINE)/i.test(command)) return [selected(imap), ok('[READ-WRITE] selected')];
  if (/^UID SEARCH/i.test(command)) return [`* SEARCH${unseen(imap)}\r\n`, ok('done')];
  if (/^UID FETCH/i.test(command)) return [...fetched(command, imap), ok('done')];
  if (/^UID STORE/i.test(command)) return [...stored(command, imap), ok('done')];
  if (/^LOGOUT/i.test(command)) return ['* BYE\r\n', ok('bye')];
  return [ok('done')];
}

const selected = ({ messages }: ImapServer) =>
  `* FLAGS (\\Seen \\Deleted)\r\n* ${messages.length} EXISTS\r\n* 0 RECENT\r\n* OK [PERMANENTFLAGS (\\Seen \\Deleted)] ok\r\n* OK [UIDVALIDITY 1] ok\r\n* OK [UIDNEXT ${messages.length + 1}] ok\r\n`;

const unseen = ({ messages }: ImapServer) => messages.map(({ seen }, i) => (seen ? '' : ` ${i + 1}`)).join('');

const uidIn = (command: string) => Number(/^UID \w+ (\d+)/i.exec(command)?.[1] ?? 0);

function fetched(command: string, { messages }: ImapServer): (string | Buffer)[] {
  const uid = uidIn(command);
  const message = messages[uid - 1];
  if (!message) return [];
  const most = Number(/<0\.(\d+)>/.exec(command)?.[1] ?? message.source.length);
  const body = message.source.subarray(0, most);
  return [`* ${uid} FETCH (UID ${uid} BODY[]<0> {${body.length}}\r\n`, body, ')\r\n'];
}

function stored(command: string, { messages }: ImapServer): string[] {
  const message = messages[uidIn(command) - 1];
  if (!message || !/\\Seen/i.test(command)) return [];
  message.seen = true;
  return [`* ${uidIn(command)} FETCH (UID ${uidIn(command)} FLAGS (\\Seen))\r\n`];
}
