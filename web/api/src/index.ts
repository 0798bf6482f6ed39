export * from "./client";
export * from "./endpoints";
export * from "./problem";
export * from "./types";
