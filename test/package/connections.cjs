// Loaded into every Node process of a test: writes down who asks for a connection or a name, and refuses.
const dgram = require('node:dgram')
const dns = require('node:dns')
const { appendFileSync } = require('node:fs')
const net = require('node:net')

function refuse(object, name) {
  object[name] = (...args) => {
    appendFileSync(process.env.CONNECTIONS, `${process.argv.join(' ')}: ${name} ${JSON.stringify(args)}\n`)
    throw new Error(`no connections here: ${name}`)
  }
}
refuse(net.Socket.prototype, 'connect')
refuse(dgram.Socket.prototype, 'send')
for (const name of ['lookup', 'resolve']) {
  refuse(dns, name)
  refuse(dns.promises, name)
}
