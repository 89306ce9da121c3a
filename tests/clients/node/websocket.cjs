// A WebSocket of undici: websocket.cjs URL AUTHORITY MESSAGE-FILE prints what came back.
const { createHash } = require('node:crypto')
const { readFileSync } = require('node:fs')
const { Agent, WebSocket } = require('undici')

const [url, authority, file] = process.argv.slice(2)
const dispatcher = new Agent({ connect: { ca: readFileSync(authority) } })
const socket = new WebSocket(url, { dispatcher })
socket.binaryType = 'arraybuffer'
socket.onopen = () => {
  socket.send('hello')
  socket.send(readFileSync(file))
}
socket.onmessage = ({ data }) => {
  if (typeof data === 'string') return console.log(`text ${data}`)
  console.log(`binary ${createHash('sha256').update(Buffer.from(data)).digest('hex')}`)
  socket.close(1000)
}
socket.onclose = ({ code }) => {
  console.log(`closed ${code}`)
  dispatcher.close()
}
