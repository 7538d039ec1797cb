import { useState } from 'preact/hooks';
import { get } from '../api/client';
import type { Environment, ModelVersion, Page, Principal } from '../api/types';
import { ModelCard } from '../components/detection/model-card';
import { ModelComparisonTable } from '../components/detection/model-comparison';
import { RefitCard } from '../components/detection/refit-card';
import { UploadModel } from '../components/detection/upload-model';
import { Empty, ErrorNote, Loading } from '../components/states';
import { useResource } from '../lib/resource';
import { may } from '../lib/session';

const PAGE = 50;
const NONE: readonly Environment[] = [];

/** Versions of models: where each is used, promoted, rolled back; side by side where two or more are chosen. */
export function ModelsPage(props: { principal: Principal }) {
  const [uploading, setUploading] = useState(false);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const list = useResource('models', (signal) => get<Page<ModelVersion>>('models', { limit: PAGE }, signal), 10_000);
  const environments =
    useResource('environments-for-models', (signal) => get<Page<Environment>>('environments', { limit: 200 }, signal))
      .data?.items ?? NONE;
  const allowed = may(props.principal, 'models:write');
  const items = list.data?.items;
  const choose = (id: string): void =>
    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(-4));
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>Models</h1>
          <p class="sub">
            Versions that score, run in shadow beside what scores, or wait. A promotion holds from the next tick on, and
            can be rolled back.
          </p>
        </div>
        {allowed && !uploading && (
          <button class="primary" onClick={() => setUploading(true)}>
            Upload a model
          </button>
        )}
      </div>
      <ErrorNote error={list.error} retry={list.reload} />
      {uploading && (
        <UploadModel
          onClose={() => setUploading(false)}
          onUploaded={() => {
            setUploading(false);
            list.reload();
          }}
        />
      )}
      {!items && list.loading && <Loading />}
      {items?.length === 0 && (
        <Empty title="No model yet">
          <p>Series are scored by plain channels alone, with the calibration that ships with the product.</p>
        </Empty>
      )}
      {chosen.length > 1 && <ModelComparisonTable ids={chosen} />}
      <div class="stack">
        {items?.map((model) => (
          <ModelCard
            key={model.id}
            model={model}
            environments={environments}
            allowed={allowed}
            chosen={chosen.includes(model.id)}
            onChoose={() => choose(model.id)}
            onChanged={list.reload}
          />
        ))}
      </div>
      {environments.length > 0 && (
        <>
          <h2 style={{ marginTop: '24px' }}>Calibrations to environments</h2>
          <p class="sub">
            A refit fits the boundary to the history of an environment. It runs in shadow first and is listed above
            then.
          </p>
          <div class="columns even">
            {environments.map((environment) => (
              <RefitCard key={environment.id} environment={environment} />
            ))}
          </div>
        </>
      )}
    </>
  );
}
