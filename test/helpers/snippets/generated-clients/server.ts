import { initTRPC } from '@trpc/server';

const t = initTRPC.create();

export const appRouter = t.router({ reports: t.procedure.query(() => ['May', 'June']) });

export type AppRouter = typeof appRouter;
