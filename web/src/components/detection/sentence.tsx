import type { AnomalyDetail } from '../../api/types';
import { formatTime } from '../../lib/format';
import { useTimeZone } from '../../lib/preferences';

/** What happened, with its instants in the reader's time zone; in UTC where the pointer rests. */
export function Sentence(props: { parts: AnomalyDetail['parts']; class?: string }) {
  const [zone] = useTimeZone();
  return (
    <p class={props.class ?? 'sentence'}>
      {props.parts.map((part, index) =>
        'text' in part ? (
          part.text
        ) : (
          <time key={index} dateTime={part.instant} title={part.instant}>
            {formatTime(part.instant, zone)}
          </time>
        ),
      )}
    </p>
  );
}
