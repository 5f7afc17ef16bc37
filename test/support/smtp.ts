import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

/** One accepted message. */
export interface Received {
  from: string;
  to: string[];
  source: string;
}

/** What the server answers instead of taking a message; 'drop' cuts the line after the message has arrived whole. */
interface Behaviour {
  mailFrom?(address: string): number | undefined;
  /** A code, or a reply with an enhanced code or words: '550 5.1.1', '554 Not verified'. */
  recipient?(address: string): number | string | undefined;
  data?(to: string[], source: string): number | string | undefined | Promise<number | undefined>;
}

export interface SmtpServer {
  url: string;
  port: number;
  received: Received[];
  /** May be changed while the server runs. */
  behaviour: Behaviour;
  close(): Promise<void>;
}

function reply(answered: number | string) {
  const [code, ...words] = String(answered).split(' ');
  return Object.assign(new Error([...words, 'reply'].join(' ')), { responseCode: Number(code) });
}

/** What of the library's server its types do not tell. */
interface Inside {
  connections: Set<{ session: SMTPServerSession; _socket: { destroy(): void }; connectionReady(): void }>;
  connect(...args: unknown[]): void;
}

/** The library waits a tenth of a second before each greeting, for clients that talk too soon; ours does not. */
function greetAtOnce(server: Inside): void {
  const connect = server.connect.bind(server);
  server.connect = (...args) => {
    connect(...args);
    const connection = [...server.connections].at(-1);
    if (!connection) return;
    setImmediate(connection.connectionReady.bind(connection));
    connection.connectionReady = () => {};
  };
}

/** A real mail server on loopback that can be told to misbehave. */
export async function startSmtp(
  options: { port?: number; login?: { user: string; password: string; refusal?: string } } = {},
): Promise<SmtpServer> {
  const received: Received[] = [];
  const sockets = new Set<{ destroy(): void }>();
  const smtp: SmtpServer = { url: '', port: 0, received, behaviour: {}, close };
  const server = new SMTPServer({
    disabledCommands: options.login ? [] : ['AUTH'],
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    authOptional: !options.login,
    disableReverseLookup: true,
    onAuth: ({ username, password }, _session, done) => {
      const ok = username === options.login?.user && password === options.login?.password;
      return ok ? done(null, { user: username }) : done(reply(options.login?.refusal ?? 535));
    },
    onMailFrom: ({ address }, _session, done) => answer(smtp.behaviour.mailFrom?.(address), done),
    onRcptTo: ({ address }, _session, done) => answer(smtp.behaviour.recipient?.(address), done),
    // A sender that dies in the middle has sent nothing.
    onData: (stream, session, done) => void take(stream, session, done).catch(() => {}),
  });
  server.on('error', () => {});
  greetAtOnce(server as unknown as Inside);

  async function take(stream: SMTPServerDataStream, session: SMTPServerSession, done: (error?: Error | null) => void) {
    let source = '';
    for await (const chunk of stream) source += String(chunk);
    const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
    const to = session.envelope.rcptTo.map(({ address }) => address);
    const answered = await smtp.behaviour.data?.(to, source);
    if (answered === undefined || answered === 'dropAccepted') received.push({ from, to, source });
    if (answered === 'drop' || answered === 'dropAccepted') return cut(session);
    done(answered === undefined ? null : reply(answered));
  }

  function cut(session: SMTPServerSession) {
    for (const connection of (server as unknown as Inside).connections) {
      if (connection.session.id === session.id) connection._socket.destroy();
    }
  }

  function close(): Promise<void> {
    for (const socket of sockets) socket.destroy();
    return new Promise((closed) => server.close(() => closed()));
  }

  await new Promise<void>((ready) => server.listen(options.port ?? 0, '127.0.0.1', ready));
  server.server.on('connection', (socket) => sockets.add(socket));
  smtp.port = (server.server.address() as AddressInfo).port;
  smtp.url = `smtp://127.0.0.1:${smtp.port}`;
  return smtp;
}

function answer(code: number | string | undefined, done: (error?: Error | null) => void): void {
  done(code === undefined ? null : reply(code));
}
