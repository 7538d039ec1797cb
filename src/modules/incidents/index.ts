export {
  INCIDENT_STATUSES,
  IncidentAcknowledged,
  IncidentOpened,
  IncidentResolved,
  IncidentUpdated,
  RESOLUTIONS,
  SEVERITIES,
  incidentSnapshot,
} from './incidents.events.js';
export { IncidentsReader, type IncidentSnapshot } from './incidents.reader.js';
