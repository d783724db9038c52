package io.firn.dsl.spec;

/** What happens to target tables when a source table's definition changes. */
public enum SchemaChangeBehavior {
  /** Target tables follow; what cannot be followed stops the pipeline. */
  EVOLVE,
  /** As {@code evolve}, but going on without what cannot be followed. */
  TRY_EVOLVE,
  /** Target tables only ever gain: dropped and renamed columns stay, truncation is not followed. */
  LENIENT,
  /** Target tables stay as they are. */
  IGNORE,
  /** Any change stops the pipeline. */
  EXCEPTION
}
