// A file of the service as a piece of work: its bytes are counted as they come, it goes on while other pages are looked at, and it can be stopped.
import { officer } from "./officer.svelte";
import { fileOf, keep } from "./session";
import { officerText } from "./texts";
import { works, type Progress } from "./work.svelte";

/** Brings a file, as `/v1/batches/…/file.xlsx`, and hands it to the browser to keep under `name`. */
export function fetchFile(path: string, name: string): Promise<void> {
  const say = (key: "work.file" | "work.kept" | "work.stopped") => officerText(officer.language, key, { name });
  const run = async (progress: Progress) => {
    const file = await bytesOf(await fileOf(path), progress);
    if (!file) return say("work.stopped");
    keep(file, name);
    return say("work.kept");
  };
  return works.begin(say("work.file"), run, { canStop: true, unit: "bytes", isBrief: true });
}

/** The bytes of an answer as they come; nothing where the person stopped it. */
async function bytesOf(response: Response, progress: Progress): Promise<Blob | undefined> {
  const reader = response.body?.getReader();
  if (!reader) return response.blob();
  // Of what is sent compressed the length tells another size than that of the file.
  const total = response.headers.has("content-encoding") ? 0 : Number(response.headers.get("content-length") ?? 0);
  const pieces: BlobPart[] = [];
  let count = 0;
  for (;;) {
    if (progress.isStopped) {
      await reader.cancel();
      return undefined;
    }
    const { done, value } = await reader.read();
    if (done) return new Blob(pieces, { type: response.headers.get("content-type") ?? "" });
    pieces.push(value);
    count += value.length;
    progress.set(count, total);
  }
}
