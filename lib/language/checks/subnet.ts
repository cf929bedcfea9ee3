import { isIPv4, isIPv6 } from 'node:net'
import type { Expression } from '../ast.js'
import { quote, stringLiteral } from '../describe.js'
import type { Scope } from '../scope.js'
import { checkText } from './value-kind.js'

/** A subnet in CIDR notation (RFC 4632, RFC 4291), or one address; null for anything else. */
export function checkSubnet(scope: Scope, value: Expression): string | null {
  const text = checkText(scope, value)
  if (text === null) return null
  const problem = problemOf(text)
  if (problem !== null) {
    const [message, help] = problem
    scope.report('NUTHATCH_INVALID_SUBNET', value.span, `${quote(text)} ${message}`, help)
    return null
  }
  checkHostBits(scope, value, text)
  return text
}

function problemOf(text: string): [message: string, help: string] | null {
  const [address = '', bits, ...rest] = text.split('/')
  const most = isIPv4(address) ? 32 : isIPv6(address) ? 128 : 0
  if (most === 0 || rest.length > 0 || address.includes('%')) {
    return ['is neither an IP address nor a subnet', 'write `192.168.0.0/16` or `fe80::/10`']
  }
  if (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most && !/^0\d/.test(bits)))
    return null
  return /^\d+(\.\d+){3}$/.test(bits)
    ? ['has a mask in dotted form', `write the number of its bits: \`${address}/${maskBits(bits)}\``]
    : [`has no prefix length from 0 to ${most}`, `write \`${address}/${most}\` for the one address`]
}

const maskBits = (mask: string): number =>
  mask
    .split('.')
    .map((part) => Number(part).toString(2).replaceAll('0', '').length)
    .reduce((a, b) => a + b, 0)

function checkHostBits(scope: Scope, value: Expression, text: string): void {
  const [address = '', bits] = text.split('/')
  if (bits === undefined) return
  const size = isIPv4(address) ? 32 : 128
  const host = BigInt(size - Number(bits))
  const number = isIPv4(address) ? ipv4Number(address) : ipv6Number(address)
  const network = (number >> host) << host
  if (network === number) return
  const written = isIPv4(address) ? ipv4Text(network) : ipv6Text(network)
  scope.report(
    'NUTHATCH_SUBNET_HOST_BITS',
    value.span,
    `${quote(text)} is a whole subnet: bits after the first ${bits} do not count`,
    `write ${quote(stringLiteral(`${written}/${bits}`))}, or ${quote(stringLiteral(address))} for the one address`,
  )
}

const ipv4Number = (address: string): bigint =>
  address.split('.').reduce((number, part) => number * 256n + BigInt(part), 0n)

const ipv4Text = (number: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => String((number >> shift) & 255n)).join('.')

/** The address is valid; `::` stands for as many groups as are missing, and the end may be dotted. */
function ipv6Number(address: string): bigint {
  const plain = address.replace(/\d+\.\d+\.\d+\.\d+$/, (dotted) => {
    const low = ipv4Number(dotted)
    return `${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`
  })
  const [front = [], back] = plain.split('::').map((half) => half.split(':').filter((group) => group !== ''))
  const groups =
    back === undefined ? front : [...front, ...Array(8 - front.length - back.length).fill('0'), ...back]
  return groups.reduce((number, group) => number * 65536n + BigInt(`0x${group}`), 0n)
}

/** RFC 5952, as URL writes it. */
function ipv6Text(number: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((number >> BigInt(112 - 16 * i)) & 0xffffn).toString(16),
  )
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1)
}
