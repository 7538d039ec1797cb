import type { AnomalyDetail } from '../../api/types';
import { formatTime } from '../../lib/format';
import { useTimeZone } from '../../lib/preferences';

/** What happened, with its instants in the reader's time zone. */
export function Sentence(props: { parts: AnomalyDetail['parts'] }) {
  const [zone] = useTimeZone();
  return (
    <p class="sentence">
      {props.parts.map((part, index) =>
        'text' in part ? (
          part.text
        ) : (
          <time key={index} dateTime={part.instant}>
            {formatTime(part.instant, zone)}
          </time>
        ),
      )}
    </p>
  );
}
