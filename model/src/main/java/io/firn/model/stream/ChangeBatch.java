package io.firn.model.stream;

import io.firn.model.row.RowChange;
import java.util.List;

/**
 * Row changes in source order, possibly of several tables.
 *
 * @param changes not empty; the list is owned by the batch and not changed after it was handed on
 */
public record ChangeBatch(List<RowChange> changes) implements StreamElement {}
