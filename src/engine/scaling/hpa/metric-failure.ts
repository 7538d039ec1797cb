/**
 * One metric cannot be turned into a replica count. Not a DomainError: the controller catches it, tells the user in a
 * condition and an event, and goes on with the other metrics.
 */
export class MetricFailure extends Error {}
