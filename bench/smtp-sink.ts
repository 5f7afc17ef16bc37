/** A mail server in a process of its own that takes everything and keeps nothing; prints its port. */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

const server = new SMTPServer({
  disabledCommands: ['AUTH'],
  hideSTARTTLS: true,
  disableReverseLookup: true,
  onData(stream, _session, done) {
    stream.resume();
    stream.once('end', () => done(null));
  },
});
server.listen(0, '127.0.0.1', () => console.log((server.server.address() as AddressInfo).port));
