import type { UserConfig } from "vite";

export function page(name: string, feature: string, base: string): UserConfig;
