/**
 * The host's refusals in words.
 */
const REASONS: Readonly<Record<string, string>> = Object.freeze({
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a directory',
  ENOSPC: 'no space left on the device',
  EROFS: 'the file system is read-only',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many open files',
  EBADF: 'it is not open',
  EIO: 'input or output error',
  ERR_INVALID_ARG_VALUE: 'the name is not one that a file can have',
});

/** Why the host refused something. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}
