const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  EIO: 'reading it fails: its device has an error, or the system makes it up and gives nothing out; copy it elsewhere, or leave it out',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead back to themselves',
  EMFILE: 'too many files are open: raise the limit (`ulimit -n`)',
  ENAMETOOLONG: 'the path is too long',
  ENODEV: 'there is no device behind it',
  ENOENT: 'it is no longer there',
  ENXIO: 'there is no device behind it',
  ERR_INVALID_ARG_VALUE: 'the path holds a NUL character, which no path can: leave it out',
}

/** Why the system does not let something be read, and what to do where that is known. */
export function whyUnreadable(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException
  return REASONS[code] ?? message
}

const WRITE_REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file has reached the largest size allowed',
  EIO: 'the device reported an error',
  EACCES: 'no permission to write there',
  EPERM: 'no permission to write there',
  EROFS: 'nothing can be written there',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
}

/** Why the system does not take what is written. */
export function whyUnwritable(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException
  return WRITE_REASONS[code] ?? message
}
