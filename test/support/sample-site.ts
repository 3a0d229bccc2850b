// The sample pages on localhost: rendered by the real renderer, with the real assets, under our page headers.
import type { AddressInfo } from 'node:net';
import { viewsDir } from '#views-dir';
import express from 'express';
import { createAssets } from '../../middleware/pages/assets.js';
import { setPageHeaders } from '../../middleware/http/page-headers.js';
import { createRenderer, type RenderOptions } from '../../middleware/pages/render.js';
import type { PageFacts } from '../../middleware/pages/view-model.js';
import { qrSvg } from '../../src/factors/totp/qr.js';
import { messages, publicDir } from '../views/rendering.js';
import { sampleModels, type Sample } from '../views/sample-models.js';

export type SampleSite = {
  /** The names of the samples, in order. */
  names: string[];
  /** Where a sample is shown in a language. */
  url(language: string, index: number): string;
  close(): Promise<void>;
};

/** A host's own page around ours, and the style sheets that it links, by their path. */
type Around = { layout?: RenderOptions['layout']; styles?: { [path: string]: string } };

/** `/logo.svg` is there for a brand. @param accent the colour of a brand; without it the pages have ours */
export async function openSampleSite(
  facts: Partial<PageFacts> = {},
  accent?: string,
  { layout, styles = {} }: Around = {},
): Promise<SampleSite> {
  const assets = createAssets({ publicDir, accent });
  const renderer = createRenderer({ viewsDir, layout, cache: true });
  const samples = (language: string) => sampleModels(messages.words(language), assets, facts);
  const made = new Map<string, Sample[]>();
  const samplesIn = (language: string) => {
    if (!made.has(language)) made.set(language, samples(language).map(withRealQr));
    return made.get(language) ?? [];
  };

  const app = express();
  app.get('/mfa/assets/:file', (req, res) => assets.serve(req, res));
  app.get('/logo.svg', (_req, res) => {
    res
      .type('svg')
      .send('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 32"><path d="M0 0h160v32H0z"/></svg>');
  });
  for (const [path, css] of Object.entries(styles)) app.get(path, (_req, res) => void res.type('css').send(css));
  const pages = { formOrigins: [] };
  app.get('/:language/:index', async (req, res) => {
    const sample = samplesIn(req.params.language)[Number(req.params.index)];
    if (!sample) return void res.status(404).end();
    setPageHeaders(req, res, pages);
    await renderer.page(req, res, sample.view, sample.model, sample.status);
  });
  const server = app.listen(0, 'localhost');
  await new Promise((listening) => server.once('listening', listening));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    names: samplesIn('en').map(({ name }) => name),
    url: (language, index) => `${origin}/${language}/${index}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The samples hold a small stand-in; here the picture is as large as in life. */
function withRealQr(sample: Sample): Sample {
  const { facts } = sample.model as { facts?: { qr?: string; uri?: string } };
  if (facts?.qr === undefined || facts.uri === undefined) return sample;
  return { ...sample, model: { ...sample.model, facts: { ...facts, qr: qrSvg(facts.uri) } } } as Sample;
}
