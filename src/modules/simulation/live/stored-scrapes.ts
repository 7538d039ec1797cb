import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { ScrapeFrame } from '../../../engine/simulation/telemetry/telemetry.types.js';
import { FrameRepository } from '../data/frame.repository.js';
import { type FrameCatalogue, frameOf, unpackCatalogue } from './frame-catalogue.js';

const MOST_REMEMBERED = 10;
const NONE = -1;

/** The latest scrapes as the workers stored them. The catalogue of series is kept: it seldom changes. */
@Injectable()
export class StoredScrapes {
  private readonly catalogues = new LRUCache<string, { readonly step: number; readonly catalogue: FrameCatalogue }>({
    max: MOST_REMEMBERED,
  });

  constructor(private readonly frames: FrameRepository) {}

  async latest(environmentId: string): Promise<ScrapeFrame | undefined> {
    const known = this.catalogues.get(environmentId);
    const stored = await this.frames.find(environmentId, known?.step ?? NONE);
    if (!stored) return undefined;
    const catalogue = stored.catalogueStep === known?.step ? known.catalogue : await unpackCatalogue(stored.catalogue);
    this.catalogues.set(environmentId, { step: stored.catalogueStep, catalogue });
    return frameOf(catalogue, stored.sampleValues, stored.frameTime.getTime());
  }
}
