/**
 * The tasks that carry rows: source, transform, sink.
 *
 * <p>The source task reads in order and spreads rows by key; each keyed task sees the changes of
 * its keys in source order. Where a transform changes keys, batches are dealt to the transform
 * tasks in turn and taken up in the same turn ({@link io.firn.runtime.task.OrderedInputs}), so that
 * order survives there too.
 */
package io.firn.runtime.task;
