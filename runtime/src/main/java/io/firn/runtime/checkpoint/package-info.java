/**
 * The checkpoint protocol and its storage.
 *
 * <p>{@link io.firn.runtime.checkpoint.CheckpointCoordinator} is the protocol; {@link
 * io.firn.runtime.checkpoint.CheckpointStore} holds manifests and epoch claims; {@link
 * io.firn.runtime.checkpoint.LocalCheckpointStorage} puts them into a directory.
 */
package io.firn.runtime.checkpoint;
