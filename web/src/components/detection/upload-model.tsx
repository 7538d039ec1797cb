import { useState } from 'preact/hooks';
import { upload } from '../../api/client';
import type { ModelVersion } from '../../api/types';
import { ErrorNote } from '../states';

/** An own ONNX file. The server tries it out with limits of time and memory before it keeps it. */
export function UploadModel(props: { onUploaded: (model: ModelVersion) => void; onClose: () => void }) {
  const [failure, setFailure] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string): string | undefined => String(form.get(name) ?? '').trim() || undefined;
    const file = form.get('file');
    if (!(file instanceof File) || file.size === 0) return;
    setBusy(true);
    setFailure(undefined);
    const query = {
      name: text('name'),
      version: text('version'),
      title: text('title'),
      licence: text('licence'),
      trainedOn: text('trainedOn'),
      why: text('why'),
    };
    upload<ModelVersion>('models', query, file)
      .then(props.onUploaded, (error: Error) => setFailure(error))
      .finally(() => setBusy(false));
  };
  return (
    <form class="card stack tight" onSubmit={submit} style={{ marginBottom: '16px' }} aria-label="Upload a model">
      <div class="row form-row">
        <label class="field">
          ONNX file
          <input name="file" type="file" accept=".onnx" required />
        </label>
        <label class="field">
          Name
          <input name="name" required pattern="[a-z0-9]+(-[a-z0-9]+)*" placeholder="my-model" />
        </label>
        <label class="field narrow">
          Version
          <input name="version" placeholder="next" />
        </label>
        <label class="field">
          Title
          <input name="title" maxLength={200} />
        </label>
      </div>
      <div class="row form-row">
        <label class="field">
          Trained on
          <input name="trainedOn" placeholder="which data" />
        </label>
        <label class="field narrow">
          Licence
          <input name="licence" />
        </label>
        <label class="field" style={{ flexGrow: 2 }}>
          Why
          <input name="why" required maxLength={2000} />
        </label>
      </div>
      <ErrorNote error={failure} />
      <div class="row">
        <button class="primary" type="submit" disabled={busy}>
          {busy ? 'Trying it out…' : 'Upload'}
        </button>
        <button type="button" onClick={props.onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}
