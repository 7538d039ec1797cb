/** `COPY ... (FORMAT binary)` of (integer, text) rows, in several chunks. */
export function binaryCopy(rows: readonly (readonly [number, string])[]): Buffer[] {
  const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
  const tuples = rows.map(([id, name]) => {
    const text = Buffer.from(name);
    const tuple = Buffer.alloc(2 + 4 + 4 + 4 + text.length);
    tuple.writeInt16BE(2, 0);
    tuple.writeInt32BE(4, 2);
    tuple.writeInt32BE(id, 6);
    tuple.writeInt32BE(text.length, 10);
    text.copy(tuple, 14);
    return tuple;
  });
  return [header, ...tuples, Buffer.from([0xff, 0xff])];
}
