export { freePort } from './free-port.ts'
export { WeirProcess, type WeirProcessOptions } from './weir-process.ts'
