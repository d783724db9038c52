package io.firn.app.verify;

/**
 * 128 bits that stand for the content of a row. Two rows with the same content have the same
 * fingerprint wherever they were read; that two different ones share it is not to be expected in
 * the life of the universe.
 */
record Fingerprint(long high, long low) {}
