// A visit by undici: visit.cjs BASE AUTHORITY STEPS, as by_program.py writes them.
const { createHash } = require('node:crypto')
const { readFileSync } = require('node:fs')
const { Readable } = require('node:stream')
const { Agent, request } = require('undici')

const [base, authority, steps] = process.argv.slice(2)
const dispatcher = new Agent({ connect: { ca: readFileSync(authority) } })

function body(mode, file) {
  if (mode === 'none') return null
  const data = readFileSync(file)
  return mode === 'chunked' ? Readable.from([data.subarray(0, 9), data.subarray(9)]) : data
}

function print(kind, fields) {
  for (const [name, value] of Object.entries(fields)) console.log(`${kind} ${name}: ${value}`)
}

async function take(line) {
  const [name, method, path, mode, file, , ...lines] = line.split('\t')
  const headers = Object.fromEntries(lines.map((each) => each.split(': ')))
  const options = { method, headers, body: body(mode, file), dispatcher, maxRedirections: 5 }
  const answer = await request(base + path, options)
  const data = Buffer.from(await answer.body.arrayBuffer())
  const sum = createHash('sha256').update(data).digest('hex')
  console.log(`step ${name}\nstatus ${answer.statusCode}\nsha256 ${sum}\nlength ${data.length}`)
  print('field', answer.headers)
  print('trailer', answer.trailers)
}

async function main() {
  for (const line of readFileSync(steps, 'utf8').trimEnd().split('\n')) await take(line)
  await dispatcher.close()
}

main()
