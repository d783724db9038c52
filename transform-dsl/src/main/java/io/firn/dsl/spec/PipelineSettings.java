package io.firn.dsl.spec;

import io.firn.dsl.finding.Position;
import java.time.Duration;
import java.time.ZoneId;

/**
 * The {@code pipeline} section.
 *
 * @param position where it stands
 * @param name the pipeline's name
 * @param parallelism tasks that transform and write
 * @param schemaChangeBehavior what changes of source tables do
 * @param checkpointInterval how often changes are committed
 * @param checkpointDirectory where checkpoints are kept: path or URL
 * @param stateDirectory local directory for working files
 * @param indexMemoryBytes memory of the key index, all tasks together
 * @param localTimeZone time zone of expressions
 * @param routeMode what happens if several route rules match
 */
public record PipelineSettings(
    Position position,
    String name,
    int parallelism,
    SchemaChangeBehavior schemaChangeBehavior,
    Duration checkpointInterval,
    String checkpointDirectory,
    String stateDirectory,
    long indexMemoryBytes,
    ZoneId localTimeZone,
    PipelineSection.RouteMode routeMode) {}
