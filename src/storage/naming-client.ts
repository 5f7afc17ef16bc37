import pg from 'pg';

/** So many statements a connection keeps, of some 10 kB each; what comes after them is planned each time. */
const MOST_NAMED = 400;
/** Of so many it is remembered that they were asked once. */
const MOST_REMEMBERED = 2000;
/** PostgreSQL no longer gives what it gave when it was named: a table has changed; or it no longer knows the name. */
const OUTDATED = new Set(['0A000', '26000']);

/**
 * Names each statement that is asked a second time. Of a named one PostgreSQL keeps what it worked out, for each
 * connection; of a mere text it works out everything anew, and that is more than a third of its work.
 */
export class NamingClient extends pg.Client {
  readonly #names = new Map<string, string>();
  readonly #asked = new Set<string>();
  #given = 0;

  override query(...given: unknown[]): never {
    const [text, values] = given;
    const named = typeof text === 'string' && given.length === 2 && hasValues(values);
    const name = named ? this.#nameOf(text) : undefined;
    if (name === undefined) return super.query(...(given as [never]));
    const answer = super.query({ text, values, name } as pg.QueryConfig) as Promise<unknown>;
    return answer.catch((error: unknown) => this.#failed(error)) as never;
  }

  #nameOf(text: string): string | undefined {
    const name = this.#names.get(text);
    if (name !== undefined || this.#names.size >= MOST_NAMED) return name;
    if (!this.#asked.delete(text)) {
      if (this.#asked.size >= MOST_REMEMBERED) this.#asked.clear();
      this.#asked.add(text);
      return undefined;
    }
    const added = `s${++this.#given}`;
    this.#names.set(text, added);
    return added;
  }

  /** With other names everything is worked out anew. */
  #failed(error: unknown): never {
    if (OUTDATED.has((error as { code?: string }).code ?? '')) this.#names.clear();
    throw error;
  }
}

/** Without any the driver sends a mere text, which may hold several statements. */
const hasValues = (values: unknown): boolean => Array.isArray(values) && values.length > 0;
