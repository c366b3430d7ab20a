/** Paths of files as descriptions name them: from the folder of the file that names them. */

/** The folder of a file, with the slash at its end; empty for a file without one. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** A path from a folder, without `.`, and without `..` where that can be. */
export function joinPath(folder: string, path: string): string {
  const isRooted = path.startsWith('/');
  const whole = isRooted ? path : folder + path;
  const parts: string[] = [];
  for (const part of whole.split(/[/\\]/)) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !whole.startsWith('/')) parts.push(part);
  }
  return (whole.startsWith('/') ? '/' : '') + parts.join('/');
}

/** A file's name without folder and extension. */
export const baseName = (path: string): string => path.slice(folderOf(path).length).replace(/\.[^.]*$/, '');
