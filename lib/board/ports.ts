/** What `prepare` may ask beside the rules' state: what only the log itself knows. */
export interface BoardPorts {
	/** The log as it stood before an instant (ms): its size, and the root of the tree over it in base64. */
	treeBefore(at: number): Promise<{ size: number; root: string }>;
}
