export { INCIDENT_KINDS, type Incident, type IncidentKind } from './incidents.ts'
export { setIncident } from './set-incident.ts'
export { type RunningShop, type StartShopOptions, startShop } from './start-shop.ts'
