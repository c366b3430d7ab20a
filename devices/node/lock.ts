/**
 * A lock that keeps a second opener away from a file: a file beside it, made by whoever holds it, that names its process.
 *
 * What a crashed process left behind is recognised by the process being gone and is taken over, by one process at a time: only the
 * maker of a second file, `.lock.old`, removes a lock that is not its own. Whatever can't be judged counts as held.
 */
import type { FileHost, ProcessName } from './file-host.js';

/** A disk could not be opened, for a reason that is not the host's. */
export class DiskError extends Error {
  override readonly name = 'DiskError';

  /**
   * A refusal in words.
   * @param code a stable name of the reason
   */
  constructor(
    readonly code: 'locked' | 'no_file' | 'no_size' | 'not_a_disk',
    message: string,
  ) {
    super(message);
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Makes the file, or tells that it exists. */
function create(host: FileHost, file: string, text: string): boolean {
  try {
    host.createText(file, text);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Who holds a lock; undefined where its file is gone or says nothing that can be understood. */
function holderOf(host: FileHost, file: string): ProcessName | undefined {
  let text: string;
  try {
    text = host.readText(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  const [, number, started, computer] = /^(\d+) (\d*) (.+)\n$/.exec(text) ?? [];
  return computer === undefined ? undefined : { number: Number(number), started: started as string, computer };
}

const sameProcess = (one: ProcessName | undefined, other: ProcessName): boolean =>
  one?.computer === other.computer && one.number === other.number && one.started === other.started;

/**
 * Takes the lock of a file.
 * @returns what gives it back; calling it again does nothing
 * @throws DiskError `locked` if somebody holds it, or may hold it
 */
export function takeLock(host: FileHost, file: string): () => void {
  const lock = `${file}.lock`;
  const guard = `${lock}.old`;
  const self = host.self();
  const text = `${self.number} ${self.started} ${self.computer}\n`;
  const isStale = (holder: ProcessName | undefined): boolean => holder?.computer === self.computer && !host.isAlive(holder);

  if (!create(host, lock, text)) {
    const holder = holderOf(host, lock);
    if (!isStale(holder)) {
      const who = holder === undefined ? 'another process' : `process ${holder.number}${holder.computer === self.computer ? '' : ` of ${holder.computer}`}`;
      throw new DiskError('locked', `it is in use by ${who}; if that is certainly not so, remove ${lock}`);
    }
    if (!create(host, guard, text))
      throw new DiskError('locked', `another process is taking it over; if that is certainly not so, remove ${guard} and ${lock}`);
    try {
      // Seen under the guard it is still the dead one's: nobody else may remove it now.
      if (isStale(holderOf(host, lock))) host.remove(lock);
    } finally {
      host.remove(guard);
    }
    if (!create(host, lock, text)) throw new DiskError('locked', 'another process has just opened it');
  }

  let held = true;
  const release = (): void => {
    if (!held) return;
    held = false;
    forget();
    // Somebody may have removed the file by hand and another process may have made its own.
    if (sameProcess(holderOf(host, lock), self)) host.remove(lock);
  };
  const forget = host.onExit(release);
  return release;
}
