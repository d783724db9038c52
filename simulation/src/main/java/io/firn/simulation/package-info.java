/**
 * Whole pipelines under a seeded scheduler: real tasks, coordinator, checkpoints and lake sink in a
 * simulated world that fails on purpose.
 *
 * <p>Read {@link io.firn.simulation.Simulation} first, then {@code World} for what is simulated,
 * {@code fault.Fault} for what goes wrong, and {@code check} for what must hold all the same.
 */
package io.firn.simulation;
