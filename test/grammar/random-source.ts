import { Random } from '../oracle/random.js'

/** The regular expressions that occur. */
export const REGEXES = ['/a/', '//i', '/a\\/[#]b/mx', '%r{a/b{2}}i', '%r{\n a # b\n}x', '/\'"#/', '/ a/']

/** What a slip puts in: characters and words that mean something, here or in Ruby. */
const SLIPS = [
  ...[' ', '\n', '(', ')', '[', ']', ',', ':', '&&', '||', '!', "'", '"', '#', '/', '\\', '?', '=', '%'],
  ...['and ', 'not ', 'end', 'do', 'if', '-', '<<~T', '%w', '{', '}', '.', ';', '@', '$', '1', 'u', 'c'],
]

/** Random rule files: most are in the language, and one slip makes them nearly so. */
export class RandomSource {
  readonly #random: Random

  constructor(seed: number) {
    this.#random = new Random(seed)
  }

  /** A whole file; `slips` characters or words of it are then spoilt. */
  file(slips: number): string {
    let source = this.#some(1, 3, () => this.#item()).join('\n')
    for (let i = 0; i < slips; i++) source = this.#slip(source)
    return source
  }

  #item(): string {
    return this.#pick([
      () => `list ${this.#symbol()}, ${this.#array(1)}`,
      () => `define ${this.#symbol()},${this.#space()}${this.#condition(2)}`,
      () => `detector ${this.#string()} do\n${this.#some(0, 3, () => `  ${this.#entry()}\n`).join('')}end`,
      () => this.#condition(3),
    ])()
  }

  #entry(): string {
    return this.#pick([
      () => `match ${this.#condition(3)}`,
      () => `${this.#name()} ${this.#some(1, 3, () => this.#literal(1)).join(`,${this.#space()}`)}`,
      () => `fires_on ${this.#string()}, ${this.#name()}(${this.#pairs(1)})`,
      () => this.#heredoc(),
    ])()
  }

  #heredoc(): string {
    const start = this.#pick(['<<~T', "<<-'T'", '<<T', '<<~"T"'])
    const lines = this.#some(0, 3, () =>
      this.#pick(['    one', '', ' T two', '\\tx # y', '   a \\\\', '  "\'']),
    )
    return `${this.#name()} ${start}${this.#pick(['', ' # why'])}\n${[...lines, 'T'].join('\n')}`
  }

  #condition(depth: number): string {
    const operand = () => this.#condition(depth - 1)
    if (depth === 0) return this.#pick([() => this.#name(), () => `${this.#name()}?`])()
    return this.#pick([
      () => `${operand()} &&${this.#space()}${operand()}`,
      () => `${operand()}${this.#blank()}||${this.#space()}${operand()}`,
      () => `!${this.#blank()}${operand()}`,
      () => `(${this.#space()}${operand()}${this.#space()})`,
      () => `${this.#name()}${this.#pick(['', '?'])}(${this.#arguments(depth)})`,
      operand,
    ])()
  }

  #arguments(depth: number): string {
    const values = this.#some(0, 2, () => this.#value(depth))
    const all = [...values, ...this.#some(0, 2, () => this.#pair(depth))]
    const end = all.length > 0 ? this.#pick(['', '', ',']) : ''
    return `${this.#space()}${all.join(`,${this.#space()}`)}${end}${this.#space()}`
  }

  #pairs(depth: number): string {
    return this.#some(1, 3, () => this.#pair(depth)).join(`,${this.#space()}`)
  }

  #pair(depth: number): string {
    return `${this.#name()}:${this.#pick([' ', '', '\n '])}${this.#value(depth)}`
  }

  #value(depth: number): string {
    return this.#pick([
      () => this.#name(),
      () => this.#literal(depth),
      () => this.#literal(depth),
      () => this.#regex(),
      () => this.#condition(depth > 0 ? depth - 1 : 0),
    ])()
  }

  #literal(depth: number): string {
    return this.#pick([
      () => this.#string(),
      () => this.#symbol(),
      () =>
        this.#pick([
          '0',
          '-5',
          '1_000',
          '0x1F',
          '0b10',
          '0o17',
          '017',
          '1.5',
          '-2e3',
          'true',
          'false',
          'nil',
        ]),
      () => this.#array(depth),
    ])()
  }

  #array(depth: number): string {
    if (this.#below(3) === 0 || depth === 0)
      return this.#pick(['%w[a b]', '%w(c\n d\\ e)', '%w[]', '[]', '%w[#f g,]'])
    const elements = this.#some(1, 3, () => this.#value(depth - 1)).join(`,${this.#space()}`)
    return `[${this.#space()}${elements}${this.#pick(['', ',', ''])}${this.#space()}]`
  }

  #string(): string {
    const single = ["''", "'a'", "'it\\'s'", "'C:\\W\\\\'", "'#{x} # \"'", "'ü'", "'a  b'"]
    const double = [
      '""',
      '"a\'"',
      '"\\"\\n\\x4a\\u00e9"',
      '"\\u{1F600 41}\\e\\s"',
      '"# a"',
      '"\\#{a}"',
      '"a\\\n b"',
    ]
    return this.#pick([...single, ...double])
  }

  #symbol(): string {
    return this.#pick([':a', ':b?', ':c!', ':"d e"', ":'f'", ':if', ':""'])
  }

  #regex(): string {
    return this.#pick(REGEXES)
  }

  #name(): string {
    return this.#pick(['a', 'b1', '_c', 'do_it', 'endpoint', 'not_a', 'Foo', 'list', 'match'])
  }

  /** Where a newline is allowed. */
  #space(): string {
    return this.#pick(['', ' ', ' ', '\n  ', ' # c\n ', '\n\n'])
  }

  #blank(): string {
    return this.#pick(['', ' ', '\t'])
  }

  #slip(source: string): string {
    const at = this.#below(source.length + 1)
    const rest = source.slice(at)
    return this.#pick([
      () => source.slice(0, at) + source.slice(at + 1),
      () => source.slice(0, at) + this.#pick(SLIPS) + rest,
      () => source.slice(0, at) + rest.replace(/\s+/, this.#pick(['', '\n', ' '])),
      () => source.slice(0, at) + rest.replace(/\w+/, this.#pick(['end', 'nil', 'a', 'module'])),
      () => source.slice(0, at) + rest.replace(/\S/, ''),
    ])()
  }

  #some(least: number, most: number, make: () => string): string[] {
    return Array.from({ length: least + this.#below(most - least + 1) }, make)
  }

  #pick<T>(choices: readonly T[]): T {
    return this.#random.pick(choices)
  }

  #below(limit: number): number {
    return this.#random.below(limit)
  }
}
