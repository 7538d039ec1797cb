import { useEffect, useState } from 'preact/hooks';
import { formatAge, formatTime } from '../lib/format';
import { useTimeZone } from '../lib/preferences';

export function Time(props: { at: string; date?: boolean }) {
  const [zone] = useTimeZone();
  return (
    <time dateTime={props.at} title={`${props.at} (${formatAge(props.at)})`}>
      {formatTime(props.at, zone, props.date)}
    </time>
  );
}

export function Age(props: { at: string }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={props.at} title={props.at}>
      {formatAge(props.at, now)}
    </time>
  );
}
