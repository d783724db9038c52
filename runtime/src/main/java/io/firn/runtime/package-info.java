/**
 * Runs pipelines: decides where to go on from, assembles tasks, drives them on threads, restarts
 * them.
 *
 * <p>Read {@link io.firn.runtime.PipelineRunner} first, then {@code RecoveryDecision} and {@code
 * PipelineStarter} for what happens at a start, and {@code PipelineAssembly} for the task graph.
 */
package io.firn.runtime;
