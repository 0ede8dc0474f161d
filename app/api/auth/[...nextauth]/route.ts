import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { auth } from "@/app/session";

async function answer(
	request: NextRequest,
	context: { params: Promise<{ nextauth: string[] }> },
): Promise<Response> {
	return NextAuth(request as never, context as never, await auth()) as Promise<Response>;
}

export const dynamic = "force-dynamic";
export { answer as GET, answer as POST };
