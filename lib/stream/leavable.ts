/**
 * An iteration whose `return` ends a call of `next` that is under way, too: a generator's own waits for that call.
 * @param start makes the generator, which is told when it is `left`, and asks for what is iterated by `self`.
 */
export function leavable<T>(
  start: (self: () => AsyncGenerator<T, undefined>, left: AbortSignal) => AsyncGenerator<T, undefined>,
): AsyncGenerator<T, undefined> {
  const left = new AbortController()
  const iteration = start(() => iteration, left.signal)
  const end = iteration.return.bind(iteration)
  iteration.return = (value) => {
    left.abort()
    return end(value)
  }
  return iteration
}
