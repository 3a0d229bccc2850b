export function startRedis(): Promise<{ url: string; stop(): void }>;
