// Rows of tables by icebird and hyparquet. Argument: the folder where npm installed them. Each request: key, metadata (file: location), columns (name -> type).
import { open, stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const { icebergRead } = await import(pathToFileURL(`${process.argv[2]}/node_modules/icebird/src/index.js`))

// The library fetches by URL; Node's own fetch does not know files.
globalThis.fetch = async (url, init = {}) => {
  const path = String(url).slice('file://'.length) // not decoded: a location is a path as it stands
  const { size } = await stat(path)
  if (init.method === 'HEAD') return new Response(null, { headers: { 'Content-Length': String(size) } })
  const range = /bytes=(\d+)-(\d*)/.exec(new Headers(init.headers).get('Range') ?? '')
  const from = range ? Number(range[1]) : 0
  const to = range && range[2] ? Math.min(Number(range[2]) + 1, size) : size
  const file = await open(path)
  const bytes = Buffer.alloc(to - from)
  await file.read(bytes, 0, bytes.length, from)
  await file.close()
  return new Response(bytes, { status: range ? 206 : 200, headers: { 'Content-Length': String(bytes.length) } })
}

function canon(type, value) {
  if (value === null || value === undefined) return null
  switch (type) {
    case 'long': return String(value)
    case 'date': return value.toISOString().slice(0, 10)
    case 'double':
      if (Number.isNaN(value)) return 'NaN'
      if (Object.is(value, -0)) return '-0.0'
      return Number.isFinite(value) ? value : value > 0 ? 'Infinity' : '-Infinity'
    default: return value
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  if (!line) continue
  const { key, metadata, columns } = JSON.parse(line)
  try {
    const [tableUrl, name] = metadata.split('/metadata/')
    const rows = await icebergRead({ tableUrl, metadataFileName: name.replace('.metadata.json', '') + '.metadata.json' })
    const plain = rows.map(row => Object.fromEntries(Object.entries(columns).map(([column, type]) => [column, canon(type, row[column])])))
    console.log(JSON.stringify({ key, rows: plain }).replaceAll(':"-0.0"', ':-0.0')) // JSON.stringify has no sign for zero
  } catch (error) {
    console.log(JSON.stringify({ key, error: String(error) }))
  }
}
