package io.firn.model.stream;

/** What travels, in order, through a channel. */
public sealed interface StreamElement permits ChangeBatch, SchemaChange, Barrier {}
