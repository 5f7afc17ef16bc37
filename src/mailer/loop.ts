import type { Logger } from 'pino';
import type { Claimed } from './store.ts';

/** What one chunk came to. */
export interface Pass {
  sent: number;
  failed: number;
  /** Milliseconds to leave the server in peace. */
  pause: number;
  /** What has been claimed for the next pass, which has to follow; empty where nothing is due or nobody should go on. */
  next: Claimed[];
}

interface Loop {
  start(): void;
  stop(): Promise<void>;
  /** Runs until nothing is due, or until the server is in trouble. */
  once(): Promise<{ sent: number; failed: number }>;
  /** Something may have become due. */
  wake(): void;
  /** In the background, or once. */
  running(): boolean;
}

/** Two at a time: while one claims, composes and writes, the other's messages keep the connections busy. */
const LANES = 2;
const IDLE_MS = 1000;
const WAKE_MS = 20;
const RECOVER_MS = 15_000;

interface LoopDeps {
  /** Sends what the pass before has claimed, or claims something itself where that is nothing. */
  pass(claimed: Claimed[], shouldStop: () => boolean): Promise<Pass>;
  recover(): Promise<void>;
  logger: Logger;
}

export function createLoop({ pass, recover, logger }: LoopDeps): Loop {
  let stopping = false;
  let lanes: Promise<void>[] = [];
  let drains = 0;
  let recovering: NodeJS.Timeout | undefined;
  const sleepers = new Set<() => void>();

  const sleep = (ms: number) =>
    new Promise<void>((resume) => {
      const wakeUp = () => {
        clearTimeout(timer);
        sleepers.delete(wakeUp);
        resume();
      };
      const timer = setTimeout(wakeUp, ms);
      sleepers.add(wakeUp);
    });

  /** A full stop for all lanes while the server is in trouble; new mail does not end it. */
  let resting: Promise<void> | undefined;
  const rest = (ms: number) => (resting ??= pauseFor(ms).then(() => (resting = undefined)));
  const pauseFor = async (ms: number) => {
    for (const end = performance.now() + ms; !stopping && performance.now() < end;) {
      await new Promise((resume) => setTimeout(resume, Math.min(200, Math.max(1, end - performance.now()))));
    }
  };

  const turn = async (claimed: Claimed[]): Promise<Pass> => {
    try {
      return await pass(claimed, () => stopping);
    } catch (error) {
      const { name, message } = error as Error;
      logger.error({ err: { name, message } }, 'a pass of the mail queue failed');
      return { sent: 0, failed: 0, pause: 0, next: [] };
    }
  };

  const lane = async () => {
    let claimed: Claimed[] = [];
    while (!stopping || claimed.length > 0) {
      const { pause, next } = await turn(claimed);
      claimed = next;
      if (pause > 0) await rest(pause);
      else if (next.length === 0 && !stopping) await sleep(IDLE_MS);
    }
  };

  return {
    start() {
      if (lanes.length > 0) return;
      stopping = false;
      lanes = Array.from({ length: LANES }, lane);
      recovering = setInterval(() => void recover().catch(() => {}), RECOVER_MS);
      recovering.unref();
    },
    async stop() {
      stopping = true;
      clearInterval(recovering);
      for (const wakeUp of [...sleepers]) wakeUp();
      await Promise.all(lanes);
      lanes = [];
    },
    async once() {
      const total = { sent: 0, failed: 0 };
      let trouble = false;
      const drain = async () => {
        let claimed: Claimed[] = [];
        do {
          const { sent, failed, pause, next } = await pass(claimed, () => trouble);
          total.sent += sent;
          total.failed += failed;
          trouble ||= pause > 0;
          claimed = next;
        } while (claimed.length > 0);
      };
      drains++;
      await Promise.all(Array.from({ length: LANES }, drain)).finally(() => drains--);
      return total;
    },
    wake() {
      setTimeout(() => {
        for (const wakeUp of [...sleepers]) wakeUp();
      }, WAKE_MS).unref();
    },
    running: () => lanes.length > 0 || drains > 0,
  };
}
