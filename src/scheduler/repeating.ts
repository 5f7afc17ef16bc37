import type { Logger } from 'pino';

export interface Repeating {
  start(): void;
  /** One turn now; waits for the one that is under way instead, where there is one. */
  once(): Promise<void>;
  stop(): Promise<void>;
}

/** Work that is done again and again, never twice at once. */
export function repeating(everyMs: number, logger: Logger, complaint: string, work: () => Promise<unknown>): Repeating {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> | undefined;
  const turn = () => {
    running ??= work()
      // A server's sentence may quote an address or a password.
      .catch(({ name, code }: Error & { code?: string }) => logger.error({ name, code }, complaint))
      .finally(() => (running = undefined));
    return running;
  };
  return {
    start() {
      timer ??= setInterval(() => void turn(), everyMs);
      timer.unref();
      void turn();
    },
    async once() {
      await turn();
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      await running;
    },
  };
}
