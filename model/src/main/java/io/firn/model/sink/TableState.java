package io.firn.model.sink;

import io.firn.model.schema.TableId;

/**
 * What a target table was when a checkpoint was taken, to find out later whether it still is that
 * table: somebody may have dropped it, or created another one under its name.
 *
 * @param table the target table
 * @param identity the sink's own id of this very table, which another table of its name does not
 *     have; empty if it was not noted
 * @param checkpointId the newest checkpoint committed to it, 0 if none
 */
public record TableState(TableId table, String identity, long checkpointId) {}
