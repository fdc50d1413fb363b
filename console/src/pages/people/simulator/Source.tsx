/** Where a statement comes from, with its text on demand. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import { type ApiError, call } from "../../../api/client";
import type { Statement } from "../../../api/models/iam";
import { usePerson } from "../../../api/session";
import { HOLDERS, decoded } from "../holders";
import { cut } from "./cutting";

const KINDS: Record<string, string> = {
  "aws-managed": "AWS managed",
  "user-managed": "your own",
  user: "inline",
  group: "inline, of a group",
  role: "inline",
  none: "as written",
  resource: "of the resource",
};

export function Source({ statement, text }: { statement: Statement; text?: string }) {
  const { account } = usePerson();
  const [found, setFound] = useState(text);
  const [error, setError] = useState("");
  const kind = statement.SourcePolicyType ?? "none";
  const show = async () => {
    try {
      setFound(cut(await documentOf(statement, account), statement));
    } catch (failure) {
      setError((failure as ApiError).message);
    }
  };
  return (
    <SpaceBetween size="xxs">
      <Box>
        {statement.SourcePolicyId} ({KINDS[kind] ?? kind}), line {statement.StartPosition?.Line}{" "}
        {found === undefined && (
          <Button variant="inline-link" ariaLabel={`Show the statement of ${statement.SourcePolicyId}`} onClick={() => void show()}>
            Show the statement
          </Button>
        )}
      </Box>
      {error && <Box color="text-status-error">{error}</Box>}
      {found !== undefined && (
        <Box variant="code">
          <pre className="document">{found}</pre>
        </Box>
      )}
    </SpaceBetween>
  );
}

/** The policy that a statement is from. An inline one is called KIND_HOLDER_POLICY, and names may have underscores themselves. */
async function documentOf({ SourcePolicyId: id = "", SourcePolicyType: kind }: Statement, account: string): Promise<string> {
  if (kind === "user" || kind === "group" || kind === "role") {
    const parts = id.split("_").slice(1);
    for (let at = 1; at < parts.length; at += 1) {
      const [holder, policy] = [parts.slice(0, at).join("_"), parts.slice(at).join("_")];
      const text = await HOLDERS[kind].read(holder, policy).catch((error: ApiError) => {
        if (error.code === "NoSuchEntity") return undefined;
        throw error;
      });
      if (text !== undefined) return text;
    }
    throw new Error("The policy is not there any more.");
  }
  const PolicyArn = `arn:aws:iam::${kind === "aws-managed" ? "aws" : account}:policy/${id}`;
  const { Policy: policy } = await call("iam", "GetPolicy", { PolicyArn });
  const { PolicyVersion: version } = await call("iam", "GetPolicyVersion", { PolicyArn, VersionId: policy?.DefaultVersionId ?? "v1" });
  return decoded(version?.Document);
}
