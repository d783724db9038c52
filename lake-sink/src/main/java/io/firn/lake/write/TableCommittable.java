package io.firn.lake.write;

import io.firn.model.schema.TableId;
import io.firn.model.sink.SinkWriter;
import io.firn.model.stream.SchemaChange;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;

/**
 * What one task did to one table between two barriers.
 *
 * @param table the target table
 * @param schemaChanges all schema changes of the target table in stream order, repeated
 *     announcements without effect left out; the same list from every task
 * @param truncated whether the table was truncated: everything committed before is void. Files
 *     written and positions superseded before the truncation are already left out here.
 * @param dataFiles the files written
 * @param superseded rows that are no longer valid: by data file number, the row positions,
 *     ascending and distinct. May refer to {@code dataFiles} of this very committable.
 */
public record TableCommittable(
    TableId table,
    List<SchemaChange> schemaChanges,
    boolean truncated,
    List<DataFile> dataFiles,
    Map<Long, long[]> superseded)
    implements SinkWriter.Committable {}
