export { canonical } from "../log/json";
export { attach, detach, type Message, messageId, signingBytes } from "../log/message";
export { verifyCheckpoint, verifyConsistency, verifyInclusion } from "../log/proof";
export { publicKey, sign, signedBytes, verify } from "../log/sign";
export { type Audit, Auditor, audit } from "./audit";
export { type Composing, compose, drafted, type Key, newKey, tagsOf, verifyMessage } from "./compose";
export { connect, Exchange, type Logged, Problem, type Sent } from "./connect";
export * from "./notes";
export * from "./seal";
