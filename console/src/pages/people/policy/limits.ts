/** How long policies may be: IAM's quotas, in characters without white space. */

/** PolicySize: a managed policy. */
export const MANAGED_LIMIT = 6144;
/** ACLSizePerRole: a trust policy. */
export const TRUST_LIMIT = 2048;
