package io.firn.dsl.spec;

import java.util.List;

/**
 * A pipeline file as it was written: every setting checked for itself, defaults filled in, but not
 * yet held against any table.
 *
 * @param file the file as the user named it
 * @param source where changes come from
 * @param sink where they go
 * @param transforms rules for rows and columns, in order
 * @param routes rules for target tables, in order
 * @param pipeline the pipeline itself
 */
public record PipelineSpec(
    String file,
    SourceSpec source,
    SinkSpec sink,
    List<TransformRule> transforms,
    List<RouteRule> routes,
    PipelineSettings pipeline) {

  /** Copies the lists. */
  public PipelineSpec {
    transforms = List.copyOf(transforms);
    routes = List.copyOf(routes);
  }
}
