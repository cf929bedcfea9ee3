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
