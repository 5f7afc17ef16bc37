interface Rests {
  start(): void;
  stop(): Promise<void>;
}

/** Does something while these rest; afterwards they go on, whatever became of it, unless all ends meanwhile. */
export async function whileResting<T>(
  parts: readonly Rests[],
  goesOn: () => boolean,
  work: () => Promise<T>,
): Promise<T> {
  await Promise.all(parts.map((part) => part.stop()));
  try {
    return await work();
  } finally {
    if (goesOn()) for (const part of parts) part.start();
  }
}
