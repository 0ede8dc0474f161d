/** The thread that helps the one in embedder-worker.mjs, over the memory they share, until it is ended. */
import { workerData } from "node:worker_threads";
import { help } from "./minilm.mjs";

help(workerData.memory, workerData.maxTokens);
