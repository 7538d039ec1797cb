import type { Estimate } from '../../api/types';
import { formatNumber } from '../../lib/format';

/** An estimate with its 95 % interval. */
export function EstimateText(props: { estimate: Estimate; format?: (value: number) => string }) {
  const { value, low, high } = props.estimate;
  const format = props.format ?? formatNumber;
  if (value === null) return <span class="muted">unknown</span>;
  return (
    <span>
      {format(value)}
      {low !== null && high !== null && (
        <span class="muted interval" title="95 % confidence interval">
          {format(low)}…{format(high)}
        </span>
      )}
    </span>
  );
}

export const percent = (value: number): string => `${formatNumber(value * 100)} %`;
