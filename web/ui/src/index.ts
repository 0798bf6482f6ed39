export * from "./Button";
export * from "./Dialog";
export * from "./fields";
export * from "./hooks";
export * from "./Icon";
export * from "./small";
export * from "./Tip";
