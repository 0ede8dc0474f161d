import * as z from "zod";

export const ROLES = ["operator", "moderator", "hosted-worker", "auditor", "vouched"] as const;
export type Role = (typeof ROLES)[number];
export const role = () => z.enum(ROLES);
