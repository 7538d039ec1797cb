/** A row of a new score card, as the server takes it. */
export interface ScoredConfiguration {
  readonly name: string;
  readonly version?: number;
  readonly detector?: string;
  readonly rules?: string;
}

export interface GivenStretch {
  readonly from: string;
  readonly to: string;
  readonly kind?: string;
  readonly services?: readonly string[];
}

/** What was ticked, and the rule files that were chosen; files of one name get numbers. */
export async function readConfigurations(form: FormData): Promise<ScoredConfiguration[]> {
  const ticked = (name: string): string[] => form.getAll(name).map(String);
  const files = form.getAll('rules').filter((file): file is File => file instanceof File && file.size > 0);
  const rules = await Promise.all(files.map(async (file) => ({ name: file.name, rules: await file.text() })));
  const names = rules.map(({ name }) => name);
  return [
    ...ticked('configuration').map((name) =>
      name === 'current' ? { name } : { name: `version ${name}`, version: Number(name) },
    ),
    ...ticked('detector').map((detector) => ({ name: detector, detector })),
    ...rules.map((one, i) => {
      const before = names.slice(0, i).filter((name) => name === one.name).length;
      return before === 0 ? one : { ...one, name: `${one.name} (${before + 1})` };
    }),
  ];
}

/** One stretch a line: `from, to, what it was, services`. Throws an error that names the line. */
export function readStretches(text: string): GivenStretch[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    const [from = '', to = '', kind = '', services = ''] = line.split(',').map((cell) => cell.trim());
    const wrong = (what: string) => new Error(`Stretch in line ${i + 1}: ${what}`);
    const [start, end] = [from, to].map((cell) => {
      const time = readTime(cell);
      if (Number.isNaN(time)) throw wrong(`“${cell}” is no time; write 2026-11-03 14:05, or with a zone.`);
      return time;
    }) as [number, number];
    if (end <= start) throw wrong('it ends before it begins.');
    const named = services.split(/\s+/).filter((name) => name !== '');
    return [
      {
        from: new Date(start).toISOString(),
        to: new Date(end).toISOString(),
        ...(kind !== '' && { kind }),
        ...(named.length > 0 && { services: named }),
      },
    ];
  });
}

/** UTC where no zone is named, as in files of windows. */
function readTime(text: string): number {
  const plain = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?$/.exec(text);
  return Date.parse(plain ? `${plain[1]!}T${plain[2] ?? '00:00'}Z` : text);
}
