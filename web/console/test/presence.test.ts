import { describe, expect, test } from "vitest";

import { Presence } from "../src/session/presence";

describe("a session lives as long as somebody works", () => {
  const rig = () => {
    const told: number[] = [];
    const state = { live: false, fails: false };
    const presence = new Presence(
      () => state.live,
      () => {
        told.push(1);
        return state.fails ? Promise.reject(new Error("gone")) : Promise.resolve();
      },
    );
    return { told, state, presence };
  };

  test("a console that nobody uses tells nothing", async () => {
    const { told, presence } = rig();
    await presence.beat();
    expect(told).toHaveLength(0);
  });

  test("using it is told once, not for ever", async () => {
    const { told, presence } = rig();
    presence.used();
    await presence.beat();
    await presence.beat();
    expect(told).toHaveLength(1);
  });

  test("a live call keeps its telecommunicator signed in though no key is pressed", async () => {
    const { told, state, presence } = rig();
    state.live = true;
    await presence.beat();
    await presence.beat();
    expect(told).toHaveLength(2);
  });

  test("a server that is away does no harm", async () => {
    const { state, presence } = rig();
    state.live = true;
    state.fails = true;
    await expect(presence.beat()).resolves.toBeUndefined();
  });
});
