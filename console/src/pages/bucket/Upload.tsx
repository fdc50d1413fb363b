/** Putting files into a folder of a bucket. */

import FileUpload from "@cloudscape-design/components/file-upload";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { upload } from "../../api/client";
import { Confirm } from "../../parts/Confirm";
import { useNotices } from "../../shell/notices";

export function Upload({ bucket, prefix, onDone }: { bucket: string; prefix: string; onDone: () => void }) {
  const [files, setFiles] = useState<File[]>([]);
  const [folder, setFolder] = useState(prefix);
  const client = useQueryClient();
  const { tell } = useNotices();
  const send = async () => {
    // One after the other: if one is refused, it is clear which are there.
    for (const file of files) {
      await upload(bucket, `${folder}${file.name}`, file);
      setFiles((before) => before.filter((each) => each !== file));
    }
    await client.invalidateQueries({ queryKey: ["s3"] });
    tell("success", files.length === 1 ? `${folder}${files[0].name} is there.` : `${files.length} files are there.`);
  };
  return (
    <Confirm title="Upload" verb="Upload" disabled={files.length === 0} onConfirm={send} onDone={onDone}>
      <FormField label="Folder" description="Ends with a slash, or is empty.">
        <Input value={folder} onChange={(event) => setFolder(event.detail.value)} />
      </FormField>
      <FormField label="Files">
        <FileUpload
          multiple
          showFileSize
          value={files}
          onChange={(event) => setFiles(event.detail.value)}
          i18nStrings={{
            uploadButtonText: () => "Choose files",
            dropzoneText: () => "Drop files here",
            removeFileAriaLabel: (at) => `Remove file ${at + 1}`,
            limitShowFewer: "Show fewer",
            limitShowMore: "Show more",
            errorIconAriaLabel: "Error",
          }}
        />
      </FormField>
    </Confirm>
  );
}
