// The API's own, under the address at which agents look for it.
export { GET, HEAD, OPTIONS } from "../api/[[...route]]/route";

export const dynamic = "force-dynamic";
