// npm iceberg-js on an Iceberg REST catalog: catalog operations, no data. Usage: FOLDER-WITH-PACKAGES BASE-URL PREFIX TOKEN STEP; prints one JSON object per fact.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [packages, baseUrl, prefix, token, step] = process.argv.slice(2)
const { IcebergRestCatalog, IcebergError, getCurrentSchema } = await import(pathToFileURL(createRequire(packages + '/').resolve('iceberg-js')))
const say = (fact, value) => console.log(JSON.stringify({ fact, value }))
const catalog = new IcebergRestCatalog({ baseUrl, catalogName: prefix, auth: { type: 'bearer', token }, accessDelegation: ['vended-credentials'] })

const refusal = async (work) => {
  try {
    await work()
    return 'none'
  } catch (error) {
    return error instanceof IcebergError ? `${error.status} ${error.icebergType} ${error.icebergCode}` : String(error)
  }
}

const js = { namespace: ['js'] }, nested = { namespace: ['js', 'in ner'] }, table = { namespace: ['js', 'in ner'], name: 'things' }
const schema = {
  type: 'struct',
  'schema-id': 0,
  'identifier-field-ids': [1],
  fields: [
    { id: 1, name: 'id', type: 'long', required: true },
    { id: 2, name: 'name', type: 'string', required: false, doc: 'its name' },
    { id: 3, name: 'price', type: 'decimal(10,2)', required: false },
    { id: 4, name: 'tags', type: { type: 'list', 'element-id': 5, element: 'string', 'element-required': false }, required: false },
  ],
}

if (step === 'make') {
  say('created', await catalog.createNamespace(js, { properties: { owner: 'ä' } }))
  say('again', await refusal(() => catalog.createNamespace(js)))
  await catalog.createNamespaceIfNotExists(js)
  await catalog.createNamespace(nested)
  say('children', await catalog.listNamespaces(js))
  say('properties', (await catalog.loadNamespaceMetadata(js)).properties)
  const made = await catalog.createTable(nested, {
    name: table.name, schema, 'partition-spec': { 'spec-id': 0, fields: [] }, 'write-order': { 'order-id': 0, fields: [] }, properties: { 'write.format.default': 'parquet' },
  })
  say('columns', getCurrentSchema(made).fields.map((f) => `${f.id} ${f.name} ${typeof f.type === 'string' ? f.type : f.type.type} ${f.required}`))
  say('same', (await catalog.createTableIfNotExists(nested, { name: table.name, schema }))['table-uuid'] === made['table-uuid'])
  say('taken', await refusal(() => catalog.createTable(nested, { name: table.name, schema })))
  say('tables', await catalog.listTables(nested))
  say('exists', [await catalog.namespaceExists(nested), await catalog.tableExists(table), await catalog.tableExists({ ...table, name: 'none' })])
  // Its update sends the fields of a table instead of updates and requirements, which is no commit of the specification.
  say('update', await refusal(() => catalog.updateTable(table, { properties: { a: '1' } })))
} else if (step === 'look') {
  const loaded = await catalog.loadTable(table)
  say('snapshots', loaded.snapshots.length)
  say('records', loaded.snapshots.find((s) => s['snapshot-id'] === loaded['current-snapshot-id']).summary['total-records'])
  say('columns', getCurrentSchema(loaded).fields.map((f) => f.name))
  say('missing', await refusal(() => catalog.loadTable({ ...table, name: 'none' })))
  say('full', await refusal(() => catalog.dropNamespace(js)))
  await catalog.dropTable(table, { purge: true })
  await catalog.dropNamespace(nested)
  await catalog.dropNamespace(js)
  say('left', await catalog.namespaceExists(js))
}
