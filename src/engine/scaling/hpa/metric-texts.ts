import type { LabelSelector, MetricIdentifier, MetricSpec } from './hpa.types.js';

/** How events and conditions of the controller name a metric. Source: kubernetes horizontal.go, computeStatusFor*. */
export function metricText(metric: MetricSpec): string {
  switch (metric.type) {
    case 'Resource':
      return metric.resource.target.averageValue
        ? `${metric.resource.name} resource`
        : `${metric.resource.name} resource utilization (percentage of request)`;
    case 'ContainerResource':
      return metric.containerResource.target.averageValue
        ? `${metric.containerResource.name} resource`
        : `${metric.containerResource.name} container resource utilization (percentage of request)`;
    case 'Pods':
      return `pods metric ${metric.pods.metric.name}`;
    case 'Object':
      // With an average target the controller really says "external".
      return metric.object.target.type === 'Value'
        ? `${metric.object.describedObject.kind} metric ${metric.object.metric.name}`
        : externalText(metric.object.metric);
    case 'External':
      return externalText(metric.external.metric);
    default:
      return '';
  }
}

/** Go's `%+v` of the selector, which is what users see. Source: k8s.io/apimachinery meta/v1, generated String(). */
export function selectorText(selector: LabelSelector | undefined): string {
  if (!selector) return 'nil';
  const labels = Object.entries(selector.matchLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const matchLabels = labels.map(([key, value]) => `${key}: ${value},`).join('');
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${(values ?? []).join(' ')}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${matchLabels}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}

function externalText({ name, selector }: MetricIdentifier): string {
  return `external metric ${name}(${selectorText(selector)})`;
}
