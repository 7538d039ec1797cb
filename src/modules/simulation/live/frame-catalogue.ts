import type {
  FamilyDescriptor,
  ScrapeFrame,
  SeriesDescriptor,
} from '../../../engine/simulation/telemetry/telemetry.types.js';
import { packData, unpackData } from '../data/packed-data.js';

/** What the values of a stored scrape belong to. */
export interface FrameCatalogue {
  readonly families: readonly FamilyDescriptor[];
  readonly series: readonly (SeriesDescriptor | null)[];
}

export async function packCatalogue({ families, series }: FrameCatalogue): Promise<Buffer> {
  return packData({ families, series });
}

/** Throws where the bytes are none of ours. */
export async function unpackCatalogue(bytes: Buffer): Promise<FrameCatalogue> {
  return (await unpackData(bytes)) as FrameCatalogue;
}

/** Little-endian float64, as all machines that we run on have them. */
export function packValues(values: Float64Array): Buffer {
  return Buffer.from(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength));
}

export function frameOf(catalogue: FrameCatalogue, sampleValues: Buffer, time: number): ScrapeFrame {
  const values = new Float64Array(sampleValues.byteLength / 8);
  sampleValues.copy(new Uint8Array(values.buffer));
  return { time, ...catalogue, ended: [], started: [], values };
}
