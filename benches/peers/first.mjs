// `node first.mjs PEER FOLDER`: ms from the import to the first result that was read.

const [name, folder] = process.argv.slice(2)
const raw = { total: 2_000_050, outOfScope: 10_000, paid: 0, day: 19_800, date: '2024-03-18', scheme: 'employee', level: 'second', referred: true, away: false }
const cpu = process.cpuUsage()
const wall = performance.now()
const peer = await import(`./js/${name}.mjs`)
const rule = await peer.make(folder)
const read = peer.use(await rule(peer.prepare(raw)))
const { user, system } = process.cpuUsage(cpu)
console.log(JSON.stringify({ wall: performance.now() - wall, cpu: (user + system) / 1_000, read }))
