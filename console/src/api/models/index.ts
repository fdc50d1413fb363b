// Made by console/models.py from the service models; change nothing here.

import type { Operations as Cloudtrail } from "./cloudtrail";
import type { Operations as Codebuild } from "./codebuild";
import type { Operations as Codecommit } from "./codecommit";
import type { Operations as Codepipeline } from "./codepipeline";
import type { Operations as Iam } from "./iam";
import type { Operations as Logs } from "./logs";
import type { Operations as S3 } from "./s3";
import type { Operations as Secretsmanager } from "./secretsmanager";
import type { Operations as Ssm } from "./ssm";
import type { Operations as Sts } from "./sts";

export interface Services {
  "cloudtrail": Cloudtrail;
  "codebuild": Codebuild;
  "codecommit": Codecommit;
  "codepipeline": Codepipeline;
  "iam": Iam;
  "logs": Logs;
  "s3": S3;
  "secretsmanager": Secretsmanager;
  "ssm": Ssm;
  "sts": Sts;
}
