/** Local time of the scenario, and how far the run has got then. */
export interface RunClock {
  /** `Fri 27 Nov 02:00` */
  local(second: number): string;
  /** `02:00` */
  hour(second: number): string;
  /** `Fri 27` */
  day(second: number): string;
  /** Seconds since local midnight. */
  secondOfDay(second: number): number;
  /** `+2h`, `+1d 02:30:05` */
  run(second: number): string;
}

/**
 * @param start epoch ms of the first second
 * @param timeZone IANA name
 */
export function createRunClock(start: number, timeZone: string): RunClock {
  const formatter = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...options });
  const minutes = formatter({ hour: '2-digit', minute: '2-digit' });
  const seconds = formatter({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const date = formatter({ weekday: 'short', day: '2-digit', month: 'short' });
  const at = (second: number) => new Date(start + second * 1000);
  // Put together here: in what order and with which commas is different in every edition of Node.
  const parts = (second: number) =>
    Object.fromEntries(date.formatToParts(at(second)).map(({ type, value }) => [type, value]));
  return {
    local: (second) => {
      const time = at(second).getTime() % 60_000 === 0 ? minutes : seconds;
      const { weekday, day, month } = parts(second);
      return `${weekday} ${day} ${month} ${time.format(at(second))}`;
    },
    hour: (second) => minutes.format(at(second)),
    day: (second) => {
      const { weekday, day } = parts(second);
      return `${weekday} ${day}`;
    },
    secondOfDay: (second) => {
      const [hours = 0, mins = 0, secs = 0] = seconds.format(at(second)).split(':').map(Number);
      return hours * 3600 + mins * 60 + secs;
    },
    run: runTime,
  };
}

function runTime(second: number): string {
  const whole = Math.floor(second);
  const two = (value: number) => String(value).padStart(2, '0');
  const days = Math.floor(whole / 86_400);
  const clock = `${two(Math.floor(whole / 3600) % 24)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return `+${days > 0 ? `${days}d ` : ''}${clock}`;
}
